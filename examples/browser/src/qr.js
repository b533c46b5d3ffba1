// QR codes: from images and the camera, and to the screen.
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';

/** Milliseconds that a picture may take, and a frame of the camera. */
const PICTURE = { effort: 8, timeLimit: 2000 };
const FRAME = { timeLimit: 40 };
/** The longest side of what is searched. */
const SIDE = 1600;
const PAUSE = 120;
const BORDER = 4;
const SVG = 'http://www.w3.org/2000/svg';

/** The text of the QR code in an image or a frame, or `null`. */
function read(source, width, height, options) {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  // A transparent picture is on white.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height), options);
  } catch {
    return null;
  }
}

/** The text of the QR code in a file, or `null`. */
export async function readFile(file) {
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) return null;
  const text = read(image, image.width, image.height, PICTURE);
  image.close();
  return text;
}

/**
 * Shows the camera in a video element until a QR code is seen, or until the signal
 * ends it; then resolves to its text, or `null`. Rejects without a camera.
 */
export async function readCamera(video, signal) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 } },
  });
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const text = video.videoWidth > 0
        ? read(video, video.videoWidth, video.videoHeight, FRAME) : null;
      if (text) return text;
      await new Promise((done) => { setTimeout(done, PAUSE); });
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** A text as a QR code: dark on light in every theme, as readers expect. */
export function draw(text, label) {
  const rows = encodeQR(text, 'raw', { border: BORDER, ecc: 'medium' });
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'qr');
  svg.setAttribute('viewBox', `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  svg.setAttribute('shape-rendering', 'crispEdges');
  const path = document.createElementNS(SVG, 'path');
  const squares = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  path.setAttribute('d', squares.join(''));
  svg.append(path);
  return svg;
}
