/**
 * ONLYOFFICE's `FileType`: 1 archive, 2 video, 3 audio, 4 image, 5 table, 6 presentation, 7 text.
 */
const extensions: Record<number, string> = {
  1: 'zip rar 7z tar gz tgz bz2 arj ace cab iso jar z',
  2: 'mp4 avi mkv mov mpeg mpg webm wmv flv f4v m4v ogv 3gp asf rm svi vob fla m2ts mng mts swf',
  3: 'mp3 wav ogg flac aac m4a wma aiff aif ac3 amr ape mid mka mpa oga ra raw rma caf snd',
  4: 'jpg jpeg png gif bmp svg webp tif tiff ico jpe jp2 psd raw cod cmx djvu ief jfif pbm pgm pnm ppm ras rgb xbm xpm xwd',
  5: 'xls xlsx ods csv xlsm xlt xltm xltx ots fods',
  6: 'ppt pptx odp pps ppsx ppsm pptm pot potm potx otp fodp',
  7: 'doc docx odt rtf txt pdf html htm mht xps docm dot dotm dotx ott fodt epub djvu md',
};

const kinds = new Map(
  Object.entries(extensions).flatMap(([kind, list]) => list.split(' ').map((extension) => [extension, Number(kind)])),
);

/** The extension in lower case with its dot, as in `.docx`; empty if there is none. */
export const extensionOf = (name: string): string => /.(\.[^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** The `FileType` by extension; 0 if it is unknown. */
export const fileTypeOf = (name: string): number => kinds.get(extensionOf(name).slice(1)) ?? 0;
