"""The door of institutions: what other apps may call."""

from edu.institutions.actions import COLUMNS as INSTITUTION_COLUMNS
from edu.institutions.actions import (
    import_institutions,
    import_renames,
    load_guangxi_institutions,
    rename_institution,
)
from edu.institutions.queries import (
    current_term,
    institution,
    institution_by_code,
    institution_id,
    institution_name,
    institutions,
    names_of,
    names_today,
    programme,
    programme_ids,
    programmes,
    programmes_of,
    search_institutions,
    slot,
    term_codes_begun,
    terms_of,
    terms_with_code,
)
from edu.institutions.sheets import Column, SheetRow, read_sheet

__all__ = [
    "INSTITUTION_COLUMNS",
    "Column",
    "SheetRow",
    "current_term",
    "import_institutions",
    "import_renames",
    "institution",
    "institution_by_code",
    "institution_id",
    "institution_name",
    "institutions",
    "load_guangxi_institutions",
    "names_of",
    "names_today",
    "programme",
    "programme_ids",
    "programmes",
    "programmes_of",
    "read_sheet",
    "rename_institution",
    "search_institutions",
    "slot",
    "term_codes_begun",
    "terms_of",
    "terms_with_code",
]
