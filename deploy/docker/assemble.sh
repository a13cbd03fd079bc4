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
version() { node -p "require('$source/package.json').dependencies['$1']"; }
# Without maps: they are read only with NODE_OPTIONS=--enable-source-maps, and are half of the bytes.
find "$app/lib" -name '*.map' -delete
printf '{ "name": "attache-image", "private": true, "type": "module" }\n' >"$app/package.json"
cd "$app"
npm install --no-audit --no-fund --no-package-lock --ignore-scripts --save-exact \
  "better-sqlite3@$(version better-sqlite3)" "sharp@$(version sharp)"
