"""Names of people who don't exist, made from an index: the same index gives the same name."""

SURNAMES = [
    "Адамович", "Богданов", "Вашкевич", "Волков", "Гончар", "Горбач", "Григорович", "Давидович", "Дубровский",
    "Ермак", "Жук", "Зайцев", "Игнатович", "Ильин", "Карпович", "Климович", "Козлов", "Король", "Кравченко",
    "Кузьмич", "Лапицкий", "Лисицын", "Лобанов", "Мазур", "Макаревич", "Мартынов", "Мицкевич", "Морозов", "Новик",
    "Новицкий", "Орлов", "Павлович", "Петрашевич", "Поляков", "Радкевич", "Романов", "Савицкий", "Семёнов", "Сидоренко",
    "Соловей", "Станкевич", "Тарасевич", "Ткачёв", "Усович", "Федоров", "Хомич", "Чернявский", "Шевчук", "Щербаков",
    "Юркевич", "Яковлев", "Янушкевич",
]  # fmt: skip
MEN = [
    "Александр", "Алексей", "Андрей", "Антон", "Артём", "Виктор", "Дмитрий", "Евгений", "Иван", "Игорь", "Кирилл",
    "Максим", "Михаил", "Николай", "Олег", "Павел", "Пётр", "Роман", "Сергей", "Юрий",
]  # fmt: skip
WOMEN = [
    "Алина", "Анна", "Валентина", "Вера", "Дарья", "Екатерина", "Елена", "Жанна", "Инна", "Ирина", "Ксения", "Людмила",
    "Марина", "Мария", "Наталья", "Оксана", "Ольга", "Светлана", "Татьяна", "Юлия",
]  # fmt: skip
FATHERS = [
    "Александров", "Алексеев", "Андреев", "Викторов", "Владимиров", "Дмитриев", "Иванов", "Михайлов", "Николаев",
    "Олегов", "Павлов", "Петров", "Сергеев", "Степанов", "Фёдоров", "Юрьев",
]  # fmt: skip
DEVICES = ["Касса", "Терминал", "Автомобиль", "Камера", "Шлагбаум", "Датчик склада"]

_VOWELLESS = ("ич", "ко", "ук", "ач", "як", "ей", "ик", "ак", "ур", "оль", "ар")


def person(index: int) -> tuple[str, str, str]:
    """Surname, first name and patronymic of the person number `index`."""
    dice = _scattered(index)
    woman = dice % 2 == 0
    surname = SURNAMES[dice // 2 % len(SURNAMES)]
    if woman and not surname.endswith(_VOWELLESS):
        surname = surname[:-2] + "ая" if surname.endswith("ий") else surname + "а"
    first = (WOMEN if woman else MEN)[dice // 128 % 20]
    father = FATHERS[dice // 4096 % len(FATHERS)]
    return surname, first, father + ("на" if woman else "ич")


def _scattered(index: int) -> int:
    """A large number that looks like chance and is the same each time (a multiplicative hash)."""
    mixed = index * 0x9E3779B1 & 0xFFFFFFFF
    return (mixed ^ mixed >> 15) * 0x85EBCA6B & 0x7FFFFFFF


def device(index: int) -> str:
    return f"{DEVICES[index % len(DEVICES)]} {index // len(DEVICES) + 1}"
