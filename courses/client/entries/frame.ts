// Everything that moves inside the frame of a unit.
import "../../../edu/client/frame.ts";
import { startActs } from "../frame/acts.ts";
import { startLinks, startNotes } from "../frame/notes.ts";
import { startPackages } from "../frame/packages.ts";
import { startProblems } from "../frame/problem.ts";
import { startVideos } from "../frame/video.ts";

for (const start of [startActs, startProblems, startVideos, startNotes, startLinks, startPackages]) start(document);
