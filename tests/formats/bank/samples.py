"""Bank statements as banks of the region write them, small."""

from collections.abc import Mapping, Sequence

OWN = "BY00PRMR30120000000010000000"
PAYER = "BY86AKBB30120000000020000000"
NS = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
DOCUMENT = {
    "Номер": "17",
    "Дата": "20.11.2026",
    "Сумма": "175.68",
    "ПлательщикСчет": PAYER,
    "Плательщик1": "ООО «Ромашка»",
    "ПлательщикИНН": "100000001",
    "ПолучательСчет": OWN,
    "ДатаПоступило": "21.11.2026",
    "НазначениеПлатежа": "За услуги связи, л/с 00020000001, без НДС",
}


def client_bank(
    *documents: Mapping[str, str], encoding: str = "cp1251", says: str = "Windows", end: str = "КонецФайла\r\n"
) -> bytes:
    """A file with these documents, each the usual one with what is given changed."""
    head = f"1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка={says}\r\nРасчСчет={OWN}\r\n"
    head += f"СекцияРасчСчет\r\nДатаНачала=21.11.2026\r\nРасчСчет={OWN}\r\nКонецРасчСчет\r\n"
    return (head + "".join(map(section, documents)) + end).encode(encoding)


def section(changed: Mapping[str, str]) -> str:
    rows = "".join(f"{key}={value}\r\n" for key, value in {**DOCUMENT, **changed}.items() if value)
    return f"СекцияДокумент=Платежное поручение\r\n{rows}КонецДокумента\r\n"


def details(  # all by name
    *,
    number: str = "17",
    amount: str = "",
    purpose: str = DOCUMENT["НазначениеПлатежа"],
    payer: str = PAYER,
    reference: str = "",
    party: bool = False,
) -> str:
    """The details of a payment; `party` says that it stands one deeper, as from version 08 on."""
    name = "<Nm>ООО «Ромашка»</Nm><Id><OrgId><Othr><Id>100000001</Id></Othr></OrgId></Id>"
    name = f"<Pty>{name}</Pty>" if party else name
    sum_ = f'<Amt Ccy="BYN">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>' if amount else ""
    own = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f"<TxDtls><Refs>{own}<EndToEndId>{number}</EndToEndId></Refs>{sum_}"
        f"<RltdPties><Dbtr>{name}</Dbtr><DbtrAcct><Id><IBAN>{payer}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{purpose}</Ustrd></RmtInf></TxDtls>"
    )


def entry(
    *inside: str,
    amount: str = "175.68",
    direction: str = "CRDT",
    status: str = "BOOK",
    extra: str = "",
    currency: str = "BYN",
    day: str = "<Dt>2026-11-21</Dt>",
) -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{extra}<Sts>{status}</Sts>'
        f"<BookgDt>{day}</BookgDt><NtryDtls>{''.join(inside)}</NtryDtls></Ntry>"
    )


def camt(entries: Sequence[str], version: str = "02", own: str = OWN, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}\n<Document xmlns="{NS}{version}"><BkToCstmrStmt><GrpHdr/>\n'
        f"<Stmt><Acct><Id><IBAN>{own}</IBAN></Id><Ownr><Id><OrgId><Othr><Id>190000001</Id></Othr></OrgId></Id></Ownr>"
        f"</Acct>\n{''.join(entries)}\n</Stmt></BkToCstmrStmt></Document>"
    ).encode()
