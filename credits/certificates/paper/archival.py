"""Makes WeasyPrint's file PDF/A-3a and PDF/UA-1 at once: both names stand in the metadata, beside the schema of one.

WeasyPrint writes one identification. The other has to stand inside `rdf:RDF`, with the description of its schema that
PDF/A asks for (ISO 19005-3, 6.6.2.3); the option for metadata of one's own writes behind it, where nobody reads it.
"""

from functools import partial
from typing import Any

VARIANT = "pdf/a-3a"
END = b"</rdf:RDF>"
ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def written(document: Any) -> bytes:
    """Return a laid-out document as a file that conforms to PDF/A-3a and to PDF/UA-1."""
    plain = document.metadata.generate_rdf_metadata
    document.metadata.generate_rdf_metadata = partial(_both, plain)
    pdf: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True)
    return pdf


def _both(plain: Any, *arguments: Any) -> bytes:
    head, end, rest = plain(*arguments).rpartition(END)
    assert end, "WeasyPrint writes its metadata otherwise than it did"
    assert not rest
    return bytes(head + ACCESSIBLE + END)
