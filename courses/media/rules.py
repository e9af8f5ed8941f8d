"""Which lighter copies a film gets, and when one is needless: pure, on what the file says of itself."""

from dataclasses import dataclass
from enum import StrEnum

SECONDS_MAX = 4 * 3600  # a lecture of four hours; a longer one is cut by its author
SIDE_MAX = 8192  # pixels; beyond it a picture is no lecture
WORTH = 0.9  # a copy that saves less than a tenth is not kept
TIME_FACTOR = 6  # a machine that needs six times the film's length is too busy to make it
TIME_S_MIN = 300


class QualityName(StrEnum):
    """The copies of a film, in the order in which they are made: first what helps the weakest lines."""

    LIGHT = "light"
    SOUND = "sound"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a copy is held to. `short_side` is 0 for sound alone."""

    name: QualityName
    rank: int
    short_side: int
    video_kbps: int
    audio_kbps: int
    crf: int

    @property
    def kbps(self) -> int:
        """Picture and sound together, at most."""
        return self.video_kbps + self.audio_kbps


# 2.6 MB a minute at most on a village line of 512 kbit/s; 6.7 MB for a classroom's screen; 0.4 MB for the ear alone.
PROFILES: dict[str, Profile] = {
    QualityName.LIGHT: Profile(QualityName.LIGHT, 0, 360, 300, 48, 28),
    QualityName.SOUND: Profile(QualityName.SOUND, 1, 0, 0, 48, 0),
    QualityName.STANDARD: Profile(QualityName.STANDARD, 2, 480, 800, 96, 25),
}


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file says of itself."""

    duration_ms: int
    width: int
    height: int
    has_picture: bool
    has_sound: bool

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.duration_ms / 1000


def refusal(probe: Probe) -> str:
    """Return why nothing is made of a file, "" when something is."""
    if not probe.has_picture and not probe.has_sound:
        return "no-film"
    if probe.duration_ms <= 0:
        return "no-length"
    if probe.seconds > SECONDS_MAX:
        return "too-long"
    if max(probe.width, probe.height) > SIDE_MAX:
        return "too-large"
    return ""


def needless(probe: Probe, profile: Profile, size: int) -> str:
    """Return why a copy would be of no use, "" when it is of use; `size` is the file's bytes."""
    if profile.short_side == 0:
        return "" if probe.has_sound and probe.has_picture else ("no-sound" if not probe.has_sound else "sound-already")
    if not probe.has_picture:
        return "no-picture"
    kbps = size * 8 / max(probe.duration_ms, 1)
    small = min(probe.width, probe.height) <= profile.short_side
    return "light-enough" if small and kbps <= profile.kbps else ""


def is_worth(made: int, original: int) -> bool:
    """True when a copy saves enough to be kept."""
    return made < original * WORTH


def time_limit_s(probe: Probe) -> int:
    """Return how long making one copy may take."""
    return max(TIME_S_MIN, int(probe.seconds * TIME_FACTOR))


def percent(done_ms: int, probe: Probe) -> int:
    """Return how far a copy is, 0 to 99: the hundredth is being kept."""
    return max(0, min(99, done_ms * 100 // max(probe.duration_ms, 1)))


def arguments(source: str, target: str, profile: Profile, probe: Probe) -> list[str]:
    """Return what ffmpeg is told to make a copy; `source` and `target` are paths on this machine."""
    sound = ["-map", "0:a:0", "-c:a", "aac", "-ac", "1" if profile.audio_kbps < 64 else "2"]
    sound += ["-ar", "44100", "-b:a", f"{profile.audio_kbps}k"]
    return [
        *("-i", source),
        *(_picture(profile) if profile.short_side else ["-vn"]),
        *(sound if probe.has_sound else ["-an"]),
        *("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),  # where it was filmed is nobody's business
        *("-movflags", "+faststart", "-max_muxing_queue_size", "1024", "-f", "mp4", target),
    ]


def _picture(profile: Profile) -> list[str]:
    side = profile.short_side
    scale = f"scale='if(gt(iw,ih),-2,min({side},iw))':'if(gt(iw,ih),min({side},ih),-2)',setsar=1"
    even = "scale=trunc(iw/2)*2:trunc(ih/2)*2"  # the encoder wants even sides
    return [
        *("-map", "0:v:0", "-vf", f"{scale},{even}", "-fpsmax", "25"),
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-pix_fmt", "yuv420p"),
        *("-crf", str(profile.crf), "-maxrate", f"{profile.video_kbps}k", "-bufsize", f"{2 * profile.video_kbps}k"),
        *("-g", "250", "-threads", "1"),
    ]
