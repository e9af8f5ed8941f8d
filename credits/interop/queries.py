"""Reads of what left the house, of a school's columns, and of what a file would say before it is made."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from credits.interop import files
from credits.interop.access import Reach
from credits.interop.collecting import entered_from_elsewhere, record_of
from credits.interop.loss import LossReport, loss_of
from credits.interop.models import RecordExport, SheetLayout
from credits.interop.record import Format, Kind, Record
from credits.interop.sheet import SheetColumn
from credits.interop.words import default_columns


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would hold and what it would leave out, before it is made."""

    record: Record
    columns: tuple[SheetColumn, ...]
    report: LossReport
    rows: int
    from_elsewhere: int  # credits that another house certified, which no file of ours shows


def preview(reach: Reach, kind: Kind, format_: Format) -> Preview:
    """Return what a file made now would say."""
    record = record_of(reach.holder_uuid, reach.home_uuid)
    columns = columns_of(reach.home_uuid) if format_ is Format.XLSX else ()
    paths = tuple(column.path for column in columns)
    return Preview(
        record=record,
        columns=columns,
        report=loss_of((record,), format_, kind, paths),
        rows=files.count(record, kind, format_, columns),
        from_elsewhere=entered_from_elsewhere(reach.holder_uuid),
    )


def columns_of(institution_uuid: UUID | None) -> tuple[SheetColumn, ...]:
    """Return the columns an institution chose last, or those that come with the project."""
    if institution_uuid is None:
        return default_columns()
    layout = SheetLayout.objects.filter(institution_uuid=institution_uuid).order_by("-id").first()
    if layout is None:
        return default_columns()
    return tuple(SheetColumn(one["path"], one["head"]) for one in layout.columns)


def exports_of(person_uuid: UUID) -> QuerySet[RecordExport]:
    """Return every file that was made of a person's record, newest first."""
    return RecordExport.objects.filter(holder_uuid=person_uuid).order_by("-id")


def exports_by(person_uuid: UUID, institution_uuid: UUID) -> QuerySet[RecordExport]:
    """Return the files that an institution made of a person's record, newest first."""
    return (
        exports_of(person_uuid).filter(actor_institution_uuid=institution_uuid).exclude(actor_person_uuid=person_uuid)
    )
