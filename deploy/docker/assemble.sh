#!/bin/sh
# Builds the server of a checkout with its packages ($1), and puts what it needs to run into a new
# folder ($2): one bundle, and the packages that have native code.
set -eu
source=$1
app=$2
cd "$source"
npm run --silent prepack
mkdir -p "$app"
cp -R lib "$app/lib"
# Without maps: they are read only with NODE_OPTIONS=--enable-source-maps, and are half of the bytes.
find "$app/lib" -name '*.map' -delete
dependencies=$(node -p "JSON.stringify(require('./package.json').dependencies)")
echo "{ \"name\": \"attache-image\", \"private\": true, \"type\": \"module\", \"dependencies\": $dependencies }" >"$app/package.json"
# npm takes the versions and checksums of the lockfile, and ignores the packages of the bundle.
cp package-lock.json "$app"
cd "$app"
npm install --no-audit --no-fund --ignore-scripts
# The sources of SQLite, and its builds for other systems.
cd node_modules/better-sqlite3
rm -rf deps src
find prebuilds -type f ! -name "linux*-$(node -p process.arch).node" -delete
