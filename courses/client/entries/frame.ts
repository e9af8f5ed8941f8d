// Everything that moves inside the frame of a unit.
import "../../../edu/client/frame.ts";
import { startActs } from "../frame/acts.ts";
import { startImageMaps } from "../frame/imagemap.ts";
import { startLinks, startNotes } from "../frame/notes.ts";
import { startPackages } from "../frame/packages.ts";
import { startPassages } from "../frame/passages.ts";
import { startProblems } from "../frame/problem.ts";
import { startQueue } from "../frame/queue.ts";
import { startResults } from "../frame/results.ts";
import { startScorm } from "../frame/scorm.ts";
import { startStored } from "../frame/stored.ts";
import { startVideos } from "../frame/video.ts";

for (const start of [startActs, startProblems, startImageMaps, startPassages, startVideos, startNotes, startLinks, startScorm, startPackages]) start(document);
// First what waits is shown, then it is sent; without a store nothing waits.
void startResults()
  .then(() => startStored())
  .catch(() => undefined)
  .then(() => startQueue());
