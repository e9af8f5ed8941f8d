// Reads QR codes from a video with zxing, compiled to WebAssembly and served from our own origin; loaded when asked for.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import type { Camera } from "./page.ts";

const PAUSE_MS = 120; // a cheap phone needs about as long for a frame

/** A camera whose reader comes from this address. */
export function cameraFrom(wasm: string): Camera {
  prepareZXingModule({ overrides: { locateFile: () => wasm } });
  return { scan };
}

async function scan(video: HTMLVideoElement, signal: AbortSignal): Promise<string> {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  while (context && !signal.aborted) {
    if (video.videoWidth) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      const found = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), { formats: ["QRCode"], tryHarder: true });
      const text = found.find((one) => one.isValid)?.text;
      if (text) return text;
    }
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return "";
}
