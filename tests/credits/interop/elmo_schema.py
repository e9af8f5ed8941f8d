"""The ELMO 1.7.0 schema of the reference data, with every import from a file: nothing is fetched."""

from functools import lru_cache
from pathlib import Path

import xmlschema

FOLDER = "elmo/1.7.0"
FILES = {
    "EUROPASS_ISOCountries_V1.1.xsd": "references/EUROPASS_ISOCountries_V1.1.xsd",
    "xmldsig-core-schema.xsd": "references/xmldsig-core-schema.xsd",
    "types-address": "references/ewp-types-address.xsd",
    "common-types": "references/ewp-common-types.xsd",
}
XML = Path(xmlschema.__file__).with_name("schemas") / "XML" / "xml.xsd"


@lru_cache(maxsize=1)
def schema(reference_data: Path) -> xmlschema.XMLSchema:
    """Return the schema; ValueError for an address that no file stands for."""
    folder = reference_data / FOLDER

    def mapped(uri: str) -> str:
        if "://" not in uri or uri.startswith("file:"):
            return uri
        if uri.endswith("/xml.xsd"):
            return XML.as_uri()
        name = next((file for part, file in FILES.items() if part in uri), "")
        if not name:
            raise ValueError(f"{uri} is not among the reference data")
        return (folder / name).as_uri()

    return xmlschema.XMLSchema((folder / "schema.xsd").as_uri(), uri_mapper=mapped, allow="local")
