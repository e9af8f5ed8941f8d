"""The services that blocks ask the runtime for, each as small as the blocks we run allow."""

import sys
from collections.abc import Callable
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from gettext import find as find_translations
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.utils import formats, timezone, translation
from django.utils.translation import gettext, ngettext
from xblock.reference.user_service import UserService, XBlockUser

from courses.content import sandbox
from courses.runtime import grants, keys, resources, state
from courses.runtime.assets import AssetUrls
from courses.runtime.grants import Grant
from courses.runtime.state import StateRows
from edu.kernel.errors import NotThere

Library = Callable[[], bytes | None]
LOCALES = {"zh-hans": "zh_CN"}  # the folders of packages; their source texts are English


class LearnerService(UserService):
    """Who is looking, without name, e-mail or any identifier that holds outside the run."""

    def __init__(self, grant: Grant) -> None:
        super().__init__()
        self._grant = grant

    def get_current_user(self) -> XBlockUser:
        """Return the learner as blocks may know them."""
        anonymous = grants.anonymous_id(self._grant.person_id, self._grant.run_id)
        user = XBlockUser(is_current_user=True)
        user.opt_attrs = {
            "edx-platform.user_id": self._grant.person_id,  # seeds randomisation; stays on the server
            "edx-platform.username": anonymous,
            "edx-platform.anonymous_user_id": anonymous,
            "edx-platform.deprecated_anonymous_user_id": anonymous,
            "edx-platform.user_is_authenticated": True,
            "edx-platform.user_is_staff": False,
            "edx-platform.user_role": "student",
            "edx-platform.request_country_code": "CN",
            "edx-platform.user_preferences": {"pref-lang": self._grant.language},
        }
        return user

    def get_anonymous_user_id(self, username: str, course_id: str) -> str | None:
        """Return the learner's name in the run; nobody else is known here."""
        own = grants.anonymous_id(self._grant.person_id, self._grant.run_id)
        return own if username == own else None

    def get_user_by_anonymous_id(self, uid: str | None = None) -> None:
        """Return nobody: blocks see no account."""


@lru_cache(maxsize=256)
def package_texts(package: str, locale: str) -> NullTranslations:
    """Return the translations that a block's package brings, empty where it has none."""
    root = Path(str(getattr(sys.modules[package], "__file__", ""))).parent
    for folder in ("translations", "conf/locale", "locale"):
        for domain in ("text", "django"):
            found = find_translations(domain, str(root / folder), [locale])
            if found:
                with open(found, "rb") as file:
                    return GNUTranslations(file)
    return NullTranslations()


class TranslationService:
    """gettext in the language of the page: our own words first, then those of the block's package."""

    def __init__(self, package: str = "") -> None:
        self._package = package

    def gettext(self, text: str) -> str:
        """Return the text in the language of the page, or as it is."""
        ours = gettext(text)
        return ours if ours != text or not self._theirs else self._theirs.gettext(text)

    ugettext = gettext

    def ngettext(self, one: str, many: str, count: float) -> str:
        """Return the form for a number; blocks count points, which may be parts: two and a half are many."""
        number = int(count) if float(count).is_integer() else 2
        ours = ngettext(one, many, number)
        return ours if ours not in {one, many} or not self._theirs else self._theirs.ngettext(one, many, number)

    @property
    def _theirs(self) -> NullTranslations | None:
        locale = LOCALES.get(self.language)
        return package_texts(self._package, locale) if locale and self._package else None

    ungettext = ngettext

    def strftime(self, moment: Any, style: str) -> str:
        """Return a time in the style of the language; `style` is a strftime pattern or one of XBlock's names."""
        known = {"SHORT_DATE": "SHORT_DATE_FORMAT", "LONG_DATE": "DATE_FORMAT", "DATE_TIME": "DATETIME_FORMAT"}
        if style in known or style == "TIME":
            local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
            return formats.date_format(local, known.get(style, "TIME_FORMAT"))
        return str(moment.strftime(style))

    def get_javascript_i18n_catalog_url(self, block: Any) -> str | None:
        """Return the address of the package's own texts for its script, where it has them in this language."""
        folder = LOCALES.get(self.language)
        if not folder or not getattr(block, "i18n_js_namespace", None):
            return None
        try:
            return resources.package_url(block.scope_ids.block_type, f"public/js/translations/{folder}/text.js")
        except NotThere:
            return None

    @property
    def language(self) -> str:
        """The language of the page."""
        return translation.get_language() or "zh-hans"


class CacheService:
    """Django's cache under keys of its own."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return what is kept, or the default."""
        return cache.get(f"xblock:{key}", default)

    def set(self, key: str, value: Any, timeout: int | None = 3600) -> None:
        """Keep a value for an hour unless told otherwise."""
        cache.set(f"xblock:{key}", value, timeout)

    def delete(self, key: str) -> None:
        """Forget a value."""
        cache.delete(f"xblock:{key}")


class SandboxService:
    """What scripts of problems may import; they themselves run elsewhere (`scripts.py`)."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def can_execute_unsafe_code(self) -> bool:
        """Return False: never outside a sandbox."""
        return False

    def get_python_lib_zip(self) -> bytes | None:
        """Return the course's library for scripts, if it has one."""
        return self._library() if sandbox.is_there() else None


class QueueService:
    """Answers for problems that want an outside grader; there is none."""

    default_queuename = ""
    callback_url = ""
    waittime = 0
    interface = None

    def construct_callback(self, dispatch: str = "score_update") -> str:
        """Return no address."""
        return ""


class UrlService:
    """Turns /static/… in authors' text into addresses under the frame's origin."""

    def __init__(self, urls: AssetUrls) -> None:
        self._urls = urls

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        """Return the text with its file addresses replaced."""
        return self._urls.replace(text)


class RebindService:
    """Blocks that act for another learner (LTI results) are not run yet."""

    def rebind_noauth_module_to_user(self, block: Any, user: Any) -> None:
        """Refuse: nobody acts for another."""
        raise NotImplementedError("Blocks act only for the learner who opened them.")


class SettingsService:
    """Settings that an operator may give a kind of block; none so far."""

    def get_settings_bucket(self, block: Any, default: Any = None) -> Any:
        """Return the settings of the block's kind."""
        return default if default is not None else {}


class CompletionService:
    """Completion is tracked everywhere."""

    def completion_tracking_enabled(self) -> bool:
        """Return True."""
        return True

    def get_completions(self, candidates: Any) -> dict[Any, float]:
        """Return nothing: completion is shown by the page around the frame."""
        return {}


class VideoConfigService:
    """No YouTube, no foreign hosts: media are the course's own files."""

    def is_hls_playback_enabled(self, course_id: Any) -> bool:
        """Return False: the player takes MP4 files."""
        return False

    def is_youtube_deprecated(self, course_id: Any) -> bool:
        """Return True: our learners cannot reach it."""
        return True

    def is_youtube_blocked_for_course(self, course_id: Any) -> bool:
        """Return True: our learners cannot reach it."""
        return True

    def is_transcript_feedback_enabled(self, course_id: Any) -> bool:
        """Return False."""
        return False

    def get_public_video_url(self, usage_id: Any) -> str:
        """Return no address: videos are seen in their unit."""
        return ""

    def get_public_sharing_context(self, block: Any, course_id: Any) -> dict[str, Any]:
        """Return nothing to share."""
        return {}

    def available_translations(self, block: Any, transcripts: Any, **options: Any) -> list[str]:
        """Return the languages with captions."""
        return list(transcripts.get("transcripts", {}))


class DiscussionConfigService:
    """There is no forum yet."""

    def is_discussion_visible(self, course_key: Any = None) -> bool:
        """Return False."""
        return False

    def is_discussion_enabled(self, course_key: Any = None) -> bool:
        """Return False."""
        return False


class CallToActionService:
    """Buttons that a platform may put beside a closed problem; none here."""

    def get_ctas(self, block: Any, category: str, completion: bool = False) -> list[dict[str, Any]]:
        """Return no button."""
        return []


class PartitionService:
    """Groups of an experiment: who meets which follows from choosing.py, and blocks need not know."""

    def get_user_group_id_for_partition(self, user: Any, partition_id: int) -> None:
        """Return no group."""


class UserTagsService:
    """Marks that a course puts on its learners; nobody reads them here, so none is kept."""

    def get_tag(self, scope: str, key: str) -> None:
        """Return no mark."""

    def set_tag(self, scope: str, key: str, value: str) -> None:
        """Forget it."""


class BookmarkService:
    """Bookmarks are the page's matter, not a block's."""

    def is_bookmarked(self, usage_key: Any) -> bool:
        """Return False."""
        return False


class TeamService:
    """There are no teams."""

    def get_team(self, user: Any, course_id: Any, topic_id: str) -> None:
        """Return no team."""

    def get_team_names(self, course_id: Any, topic_id: str) -> dict[str, str]:
        """Return no names."""
        return {}


class TeamConfigurationService:
    """There are no teams, and so no sets of them."""

    def get_teams_configuration(self, course_id: Any) -> None:
        """Return nothing."""


class GatingService:
    """What must be done first is a condition of the content or of the run, and is asked before a block is shown."""

    def required_prereq(self, user: Any) -> bool:
        """Return False: whoever sees the block may do it."""
        return False

    def compute_is_prereq_met(self, *_asked: Any, **_more: Any) -> tuple[bool, dict[str, str]]:
        """Return that it is met."""
        return True, {}


class UserStateService:
    """What a learner has done in a block of the unit, for blocks that ask about another one."""

    def __init__(self, rows: StateRows, grant: Grant) -> None:
        self._rows, self._grant = rows, grant

    def get_state_as_dict(self, username: str, location: Any) -> dict[str, Any]:
        """Return a copy of the learner's own state; nobody else's, and nothing of a block that was not fetched."""
        if username != grants.anonymous_id(self._grant.person_id, self._grant.run_id):
            return {}
        key = state.user_key(self._grant.person_id, self._grant.run_id, keys.usage_id(location))
        return dict(self._rows.row(key).fields)


def services_for(grant: Grant, urls: AssetUrls, rows: StateRows, library: Library) -> dict[str, Any]:
    """Return every service by the name blocks use for it."""
    return {
        "user": LearnerService(grant),
        "i18n": TranslationService(),
        "cache": CacheService(),
        "sandbox": SandboxService(library),
        "xqueue": QueueService(),
        "replace_urls": UrlService(urls),
        "rebind_user": RebindService(),
        "settings": SettingsService(),
        "completion": CompletionService(),
        "video_config": VideoConfigService(),
        "discussion_config_service": DiscussionConfigService(),
        "call_to_action": CallToActionService(),
        "partitions": PartitionService(),
        "user_tags": UserTagsService(),
        "bookmarks": BookmarkService(),
        "teams": TeamService(),
        "teams_configuration": TeamConfigurationService(),
        "gating": GatingService(),
        "user_state": UserStateService(rows, grant),
    }
