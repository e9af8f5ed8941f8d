"""Names that third-party XBlocks read from Django's settings; nothing of ours reads them."""

FEATURES: dict[str, object] = {}
LMS_ROOT_URL = ""
LMS_BASE = ""
YOUTUBE: dict[str, object] = {"TEST_TIMEOUT": 0, "TEXT_API": {}, "METADATA_URL": "", "IMAGE_API": ""}
YOUTUBE_API_KEY = ""
ALL_LANGUAGES = [["zh", "Chinese"], ["en", "English"]]
LANGUAGE_DICT = {"zh": "Chinese", "en": "English"}
COMPLETION_VIDEO_COMPLETE_PERCENTAGE = 0.95
AI_TRANSLATIONS_API_URL = ""
SIMPLE_HISTORY_DATE_INDEX = False  # as the migrations of ora2 have it
