"""What institutions announce."""

INSTITUTIONS_IMPORTED = "institutions.list.imported"  # {created, changed}: counts as text
INSTITUTION_RENAMED = "institutions.institution.renamed"  # {institution_uuid}
