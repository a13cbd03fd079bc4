import { GlobalWorkerOptions, getDocument, type PDFDocumentLoadingTask, VerbosityLevel, version } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { serverUrl } from '../../api/server-url.ts';

GlobalWorkerOptions.workerSrc = workerUrl;

/** What PDFs refer to without containing it: files of the build, which `copyPdfResources` makes. */
const resources = (name: string) => serverUrl(`assets/pdfjs-${version}/${name}/`);

/** Bytes of one request: a page of a large document is shown before the rest is loaded. */
const RANGE = 256 * 1024;

/**
 * Opens a PDF, part by part as its pages need it. Nothing in it runs: the library executes scripts
 * of documents only where it is given a sandbox for them, and forms are not shown.
 */
export function openPdf(url: string): PDFDocumentLoadingTask & { destroyed: boolean } {
  return getDocument({
    url,
    rangeChunkSize: RANGE,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    // What is unusual in the documents of users is no error of the page.
    verbosity: VerbosityLevel.ERRORS,
    // The policy of the page permits no WebAssembly; the decoders exist as scripts, too.
    useWasm: false,
    wasmUrl: resources('wasm'),
    cMapUrl: resources('cmaps'),
    standardFontDataUrl: resources('standard_fonts'),
    iccUrl: resources('iccs'),
  });
}
