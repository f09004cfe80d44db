"""An invoice as billing would hand it over, made up: forty subscribers, four kinds of charge."""

from datetime import UTC, date, datetime
from decimal import Decimal

from abonent.formats import ubl
from abonent.formats.invoice import Cover, Due, Party, Payment, Table
from abonent.formats.qr import svg
from abonent.formats.text import GROUP_GAP, amount, volume

SUBSCRIBERS = 40


def money(kopecks: int) -> str:
    return amount(Decimal(kopecks).scaleb(-2), 2, ",", GROUP_GAP)


def row(*kopecks: int) -> tuple[str, ...]:
    return tuple(map(money, kopecks))


def charges(index: int) -> tuple[int, int]:
    """Fees and usage of a subscriber, in kopecks."""
    return 1990 + index % 7 * 500, index * 137 % 4000


def subscriber(index: int) -> tuple[str, ...]:
    fees, usage = charges(index)
    net = fees + usage
    name = f"{'Иванова Татьяна Валерьевна' if index % 3 else 'Кацярына Ўладзіміраўна Бязмен'} {index}"
    return (
        f"+375 29 {100 + index // 10_000 % 900:03}-{index // 100 % 100:02}-{index % 100:02}",
        name,
        "Бизнес Плюс",
        *row(fees, usage, net, net // 5, net + net // 5),
    )


def cover(first: int = 0, count: int = SUBSCRIBERS) -> Cover:
    """The invoice of the subscribers from `first` on; each `first` makes another invoice in every line."""
    members = range(first, first + count)
    fees, usage = (sum(column) for column in zip(*map(charges, members), strict=True))
    net, vat = fees + usage, sum(sum(charges(index)) // 5 for index in members)
    summary = (
        ("Абонентская плата", f"{count}", *row(fees, fees // 5, fees + fees // 5)),
        ("Исходящие вызовы", "12:41:07", *row(usage - 3000, (usage - 3000) // 5, usage - 3000 + (usage - 3000) // 5)),
        ("Передача данных, МБ", volume(193_475_000_000, ","), *row(2000, 400, 2400)),
        ("Роуминг", "3", *row(1000, 200, 1200)),
    )
    return Cover(
        language="ru",
        title=f"Счёт № 2026-10/{417 + first:06} от 01.11.2026",
        operator=Party(
            "Оператор",
            "УП «Пример связи»",
            (
                "220004, г. Минск, ул. Примерная, 1",
                "УНП 100000001, ОКПО 10000001",
                "BY00 PRIM 3012 0000 0000 0000 0000",
            ),
        ),
        client=Party("Абонент", "ООО «Заря & сыновья»", ("224000, г. Брест, пр. Машерова, 17", "УНП 200000002")),
        facts=(
            ("Договор", "№ 1234567 от 12.03.2019"),
            ("Лицевой счёт", "00020123456"),
            ("Период", "01.10.2026 – 31.10.2026"),
            ("Дата счёта", "01.11.2026"),
            ("Оплатить до", "25.11.2026"),
            ("Валюта", "BYN"),
        ),
        due=Due("К оплате", money(net + vat), "до 25.11.2026"),
        summary=Table(
            "Начисления",
            ("Вид", "Количество", "Без НДС", "НДС 20 %", "Всего"),
            summary,
            ("Итого", "", *row(net, vat, net + vat)),
        ),
        words=("Всего к оплате: одна тысяча восемьсот двадцать белорусских рублей 41 копейка.",),
        page="Страница {page} из {total}",
        notes=("Счёт сформирован автоматически и действителен без подписи.",),
        payment=Payment(svg("https://pay.example/00020123456?sum=1820.41"), "QR-код для оплаты", "Оплата по QR-коду"),
        subscribers=Table(
            "По абонентам",
            ("Номер", "Абонент", "Тариф", "Плата", "Услуги связи", "Без НДС", "НДС", "Всего"),
            [subscriber(index) for index in members],
            ("Итого", "", "", *row(fees, usage, net, vat, net + vat)),
            text_columns=3,
        ),
    )


def electronic(first: int = 0, count: int = SUBSCRIBERS) -> ubl.Invoice:
    """The same invoice for programs."""
    shares = [_share(index) for index in range(first, first + count)]
    net, vat = sum((one.net for one in shares), Decimal(0)), sum((one.vat for one in shares), Decimal(0))
    return ubl.Invoice(
        number=f"2026-10/{417 + first:06}",
        language="ru",
        issued=datetime(2026, 11, 1, 9, tzinfo=UTC),
        due=date(2026, 11, 25),
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
        currency="BYN",
        words="Одна тысяча восемьсот двадцать белорусских рублей 41 копейка",
        contract="1234567",
        signed=date(2019, 3, 12),
        account="00020123456",
        operator=ubl.Party("УП «Пример связи»", "220004, г. Минск, ул. Примерная, 1", "100000001", "10000001", "BY"),
        client=ubl.Party("ООО «Заря & сыновья»", "224000, г. Брест, пр. Машерова, 17", "200000002", ""),
        bank=ubl.Bank("BY00PRIM30120000000000000000", "ОАО «Банк»", "PRIMBY2X"),
        purpose="00020123456",
        net=net,
        vat=vat,
        gross=net + vat,
        taxes=(ubl.Tax(Decimal(20), net, vat),),
        lines=[_line(index, share) for index, share in zip(range(first, first + count), shares, strict=True)],
    )


def _share(index: int) -> ubl.Tax:
    net = sum(charges(index))
    return ubl.Tax(Decimal(20), Decimal(net).scaleb(-2), Decimal(net // 5).scaleb(-2))


def _line(index: int, share: ubl.Tax) -> ubl.Line:
    number, name, tariff = subscriber(index)[:3]
    properties = ubl.Property("number", "Номер", number), ubl.Property("tariff", "Тариф", tariff)
    return ubl.Line("Услуги связи", name, share, properties)
