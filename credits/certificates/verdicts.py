"""What a verifier is told in both languages: verdicts, why a file is not believed, why it cannot be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier reads first, in both languages; `shape` is the drawing beside the word."""

    shape: str
    zh: str
    en: str
    said_zh: str
    said_en: str


VERDICTS = {
    "valid": Verdict("valid", "有效", "Valid", "", ""),
    "revoked": Verdict(
        "revoked", "已撤销", "Revoked", "颁发学校已撤销此证书。", "The issuer revoked this certificate."
    ),
    "suspended": Verdict(
        "suspended",
        "已暂停",
        "Suspended",
        "颁发学校正在核查此证书，目前请不要采信。核查后会恢复或撤销。",
        "The issuer is looking into this certificate. Do not rely on it now; it will be restored or revoked.",
    ),
    "superseded": Verdict(
        "superseded",
        "已被新证书取代",
        "Superseded",
        "颁发学校已另发新证书，此证书不再使用。",
        "The issuer replaced this certificate by a newer one.",
    ),
    "unknown": Verdict(
        "unknown",
        "查无此证",
        "No such certificate",
        "登记中没有与所填内容相符的证书。",
        "The register has no certificate that fits what was given.",
    ),
    "not-genuine": Verdict(
        "unknown",
        "核验未通过",
        "Not genuine",
        "文件中的内容与签名或登记不符，以下不显示其内容。",
        "What the file says does not fit its signature or the register, so it is not shown.",
    ),
    "unavailable": Verdict(
        "unavailable",
        "暂时无法核验",
        "Cannot be checked now",
        "这不表示证书有问题，也不表示证书有效。您可稍后再试，或联系颁发学校。",
        "This says nothing about the certificate, neither good nor bad. Try again later or ask the issuer.",
    ),
}

FAULTS = {
    "no-such-key": (
        "文件所写的公钥不是本平台登记的颁发学校公钥。",
        "The key it names is not a registered key of an issuer.",
    ),
    "key-of-another-issuer": (
        "文件由另一所学校的密钥签名。",
        "It is signed with the key of another institution.",
    ),
    "key-not-valid-then": (
        "签名所用密钥在所写的颁发时间不在使用期内。",
        "The key was not in use at the time of issue it states.",
    ),
    "signature-wrong": (
        "签名与内容不符：内容在签名之后被改动过。",
        "The signature does not fit: something was changed after signing.",
    ),
    "not-a-statement": (
        "签名的内容不是学分证书。",
        "What was signed is not a credit certificate.",
    ),
    "commitment-wrong": (
        "内容与颁发学校向透明日志承诺的不符：字段、盐值或承诺签名被改动过。",
        "It does not fit what the issuer committed to the log: a field, the salt or that signature was changed.",
    ),
    "proof-wrong": (
        "日志证明与这份证书不符：证明被改动过，或属于另一份证书。",
        "The log's proof is not about this certificate: it was changed, or belongs to another one.",
    ),
    "log-of-another-name": (
        "日志证明来自另一个日志，不是本平台的透明日志。",
        "The proof comes from another log, not from this platform's.",
    ),
    "checkpoint-not-signed": (
        "日志证明中的检查点没有本平台日志的有效签名。",
        "The checkpoint in the proof has no good signature of this platform's log.",
    ),
    "file-altered": (
        "这份 PDF 在颁发后被改动或另存过。请索取原始文件，或扫描二维码、按编号和姓名核验。",
        "This PDF was changed or saved again after issue. Ask for the original file, scan the code, or check by number "
        "and name.",
    ),
    "not-registered": (
        "签名相符，但登记中没有这份证书。",
        "The signature holds, but the register has no such certificate.",
    ),
    "differs-from-register": (
        "签名相符，但与同一编号的登记内容不同。",
        "The signature holds, but the register says otherwise under this number.",
    ),
}

UNREADABLE = {
    "too-large": (
        "文件超过 5 MB。请上传原始的证书文件，它约 0.2 MB。",
        ("The file is larger than 5 MB. Choose the original certificate; it has about 0.2 MB."),
    ),
    "not-json": (
        ("这个文件不是 PDF，也不是机读记录。请上传证书的 PDF 文件或其中的 certificate.json。"),
        ("This is neither a PDF nor a machine record. Choose the certificate's PDF or its certificate.json."),
    ),
    "not-a-certificate": (
        "这份文件不是学分证书的机读记录。",
        "This is not the machine record of a credit certificate.",
    ),
    "not-canonical": (
        "机读记录的格式不符，无法确定签名的内容。",
        "The record is malformed, so its signed content is undefined.",
    ),
    "duplicate-keys": (
        "机读记录里同一字段出现两次，无法确定以哪个为准。",
        "The record names a field twice, so its meaning is undefined.",
    ),
    "no-record-in-pdf": (
        ("这份 PDF 里没有机读记录：可能是打印扫描件或另存的副本。请用原始文件，或按编号和姓名核验。"),
        ("This PDF carries no machine record: it may be a scan or a copy. Use the original file, or number and name."),
    ),
    "several-records-in-pdf": (
        "这份 PDF 里有几份不同的机读记录，无法确定以哪份为准。",
        "This PDF carries several different records.",
    ),
    "too-many-streams": (
        "这份 PDF 的构成过于复杂，不是证书原件。",
        "This PDF has more parts than any certificate has.",
    ),
}
