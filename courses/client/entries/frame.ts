// Everything that moves inside the frame of a unit.
import "../../../edu/client/frame.ts";
import { startActs } from "../frame/acts.ts";
import { startImageMaps } from "../frame/imagemap.ts";
import { startLinks, startNotes } from "../frame/notes.ts";
import { startPackages } from "../frame/packages.ts";
import { startProblems } from "../frame/problem.ts";
import { startScorm } from "../frame/scorm.ts";
import { startVideos } from "../frame/video.ts";

for (const start of [startActs, startProblems, startImageMaps, startVideos, startNotes, startLinks, startScorm, startPackages]) start(document);
