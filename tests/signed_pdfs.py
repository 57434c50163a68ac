"""A test authority that issues certificates, and people who sign PDF files with them; keys live for one test run."""

import datetime
import io
from functools import cache

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

_DAY = datetime.timedelta(days=1)


def _name(common_name: str) -> x509.Name:
    parts = [(NameOID.COMMON_NAME, common_name), (NameOID.ORGANIZATION_NAME, "Beispielstadt")]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _certificate(subject, key, issuer, issuer_key, *, is_authority):
    now = datetime.datetime.now(datetime.UTC)
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    usage |= {"key_cert_sign": True, "crl_sign": True} if is_authority else {"content_commitment": True}
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 30 * _DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())


class Authority:
    """Issues certificates; `pem` is what an operator lays into TRUST_ROOTS."""

    def __init__(self, name: str):
        self.name, self._key = name, ec.generate_private_key(ec.SECP256R1())
        self._certificate = _certificate(name, self._key, name, self._key, is_authority=True)
        self.pem = self._certificate.public_bytes(serialization.Encoding.PEM)

    def signer(self, name: str) -> signers.SimpleSigner:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key, self.name, self._key, is_authority=False)
        store = SimpleCertificateStore()
        store.register(_asn1(self._certificate))
        plain = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return signers.SimpleSigner(
            signing_cert=_asn1(certificate),
            signing_key=keys.PrivateKeyInfo.load(plain),
            cert_registry=store,
        )


def _asn1(certificate):
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


@cache
def authority(name: str = "Prüfstelle für Tests") -> Authority:
    return Authority(name)


def sign(
    pdf: bytes, *, name: str = "Ruth Probe", issuer: Authority | None = None, field: str = "Unterschrift1"
) -> bytes:
    """Return the file with one more signature (PAdES), added behind it as signing software does."""
    signer = (issuer or authority()).signer(name)
    metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return signers.sign_pdf(writer, metadata, signer=signer).getvalue()
