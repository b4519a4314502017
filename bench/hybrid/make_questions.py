"""Writes questions of six kinds with answers that a program can check: make_questions.py SEED COUNT [FILE-TO-AVOID ...] > questions.jsonl

All texts are made here, from lists and chance; the same seed gives the same questions. A question that a file to avoid has is not made again.
"""
import json
import random
import sys

NAMES = "Tom Mia Ada Leo Nora Ben Eva Paul Ines Jan Rosa Omar Lena Hugo Kira Finn".split()
GOODS = [("pens", 2, 6), ("notebooks", 3, 9), ("apples", 1, 4), ("lamps", 15, 40), ("mugs", 4, 12), ("tickets", 8, 25)]
TOWNS = "Lisbon Graz Bergen Ghent Turin Malmo Porto Basel Lyon Krakow".split()
JOBS = "engineer nurse teacher baker pilot lawyer gardener editor".split()
THINGS = "bicycle camera guitar kettle tent printer ladder scooter".split()
COLOURS = "red blue green black white yellow".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = [("January", 31), ("March", 31), ("April", 30), ("May", 31), ("June", 30), ("July", 31), ("August", 31), ("September", 30), ("October", 31)]
FACTS = [
    ("What is the chemical symbol of tungsten?", "W"), ("What is the chemical symbol of antimony?", "Sb"), ("What is the chemical symbol of zinc?", "Zn"),
    ("Which metal is liquid at room temperature?", "mercury"), ("Who wrote Pride and Prejudice?", "Jane Austen"), ("Who wrote The Trial?", "Franz Kafka"),
    ("Who wrote Moby-Dick?", "Herman Melville"), ("Who painted The Night Watch?", "Rembrandt|Rembrandt van Rijn"), ("Who composed The Magic Flute?", "Mozart|Wolfgang Amadeus Mozart"),
    ("Who composed the Brandenburg Concertos?", "Bach|Johann Sebastian Bach|J.S. Bach"), ("What is the capital of Mongolia?", "Ulaanbaatar|Ulan Bator"),
    ("What is the capital of Bolivia?", "Sucre|La Paz|Sucre and La Paz"), ("What is the capital of Slovenia?", "Ljubljana"), ("What is the capital of Uruguay?", "Montevideo"),
    ("What is the capital of Nepal?", "Kathmandu"), ("What is the capital of Ghana?", "Accra"), ("In which year did the Chernobyl disaster happen?", "1986"),
    ("In which year was the Magna Carta sealed?", "1215"), ("How many strings has a violin?", "4|four"), ("How many players has a football team on the field?", "11|eleven"),
    ("Which organ of the body makes insulin?", "pancreas"), ("Which planet has the moon Titan?", "Saturn"), ("Which country has the city of Cusco?", "Peru"),
    ("What is the currency of Poland?", "zloty|Polish zloty|PLN"), ("What is the currency of Japan?", "yen|Japanese yen|JPY"), ("What is the largest organ of the human body?", "skin"),
    ("Which element has the atomic number 6?", "carbon"), ("Which element has the atomic number 26?", "iron"), ("Who proposed the theory of general relativity?", "Einstein|Albert Einstein"),
    ("Which sea lies between Sweden and Finland?", "Baltic Sea|Baltic|Gulf of Bothnia"),
]


def word(r):
    """An arithmetic word problem of two or three steps."""
    name, other = r.sample(NAMES, 2)
    thing, low, high = r.choice(GOODS)
    price, count = r.randint(low, high), r.randint(3, 9)
    kind = r.randrange(5)
    if kind == 0:
        paid = (price * count // 50 + 1) * 50
        return f"{name} buys {count} {thing} at {price} euros each and pays with {paid} euros. How many euros does {name} get back?", paid - price * count
    if kind == 1:
        more, gone = r.randint(11, 49), r.randint(3, 10)
        return f"{name} has {count * price} {thing}. {other} gives {name} {more} more, and {name} loses {gone}. How many {thing} has {name} now?", count * price + more - gone
    if kind == 2:
        rows, seats, empty = r.randint(6, 19), r.randint(7, 18), r.randint(5, 30)
        return f"A hall has {rows} rows of {seats} seats. {empty} seats are empty. How many seats are taken?", rows * seats - empty
    if kind == 3:
        boxes, per, people = r.randint(3, 9), r.choice([12, 18, 24]), r.choice([2, 3, 6])
        return f"{boxes} boxes hold {per} eggs each. The eggs are shared equally by {people} cooks. How many eggs does each cook get?", boxes * per // people
    week, weeks, spent = r.randint(12, 35), r.randint(3, 8), r.randint(15, 35)
    return f"{name} saves {week} euros a week for {weeks} weeks and then spends {spent} euros. How many euros are left?", week * weeks - spent


def steps(r):
    """The same, reckoned aloud: a longer answer whose last number counts."""
    question, answer = word(r)
    return question + " Explain your steps in at most two short sentences and end with the number alone.", answer


def person(r):
    name, town, job = r.choice(NAMES), r.choice(TOWNS), r.choice(JOBS)
    thing, colour = r.choice(THINGS), r.choice(COLOURS)
    age, price, day = r.randint(21, 68), r.randint(35, 480), r.choice(DAYS)
    text = f"{name}, a {age}-year-old {job} from {town}, bought a {colour} {thing} for {price} euros on {day}. It was {r.choice([20, 30, 45])} euros cheaper than in the shop in {r.choice([t for t in TOWNS if t != town])}."
    return text, dict(name=name, town=town, job=job, thing=thing, colour=colour, age=age, price=price, day=day)


def extraction(r):
    """One thing out of a short text, with something like it beside it."""
    text, facts = person(r)
    about, key = r.choice([("the buyer's home town", "town"), ("the price paid, as a number", "price"), ("the buyer's profession", "job"), ("the colour of what was bought", "colour"), ("the weekday", "day"), ("the buyer's age, as a number", "age")])
    if r.random() < 0.4:
        second, more = person(r)
        while more["name"] == facts["name"] or more["thing"] == facts["thing"]:
            second, more = person(r)
        text = f"{text} {second}"
        about = about.replace("the buyer's", f"{facts['name']}'s").replace("what was bought", f"what {facts['name']} bought").replace("the price paid", f"the price that {facts['name']} paid").replace("the weekday", f"the weekday of {facts['name']}'s purchase")
    return f"Text: {text}\nGive {about}.", facts[key]


def code(r):
    """What a few lines of Python print."""
    a, b, c = r.randint(2, 9), r.randint(2, 9), r.randint(3, 7)
    word_ = r.choice(THINGS + COLOURS)
    kind = r.randrange(6)
    if kind == 0:
        return f"What does this Python program print?\nx = {a}\nfor i in range({c}):\n    x += i * {b}\nprint(x)", a + b * sum(range(c))
    if kind == 1:
        return f"What does this Python program print?\ns = '{word_}'\nprint(s[{a % 3}:{a % 3 + 3}])", word_[a % 3:a % 3 + 3]
    if kind == 2:
        numbers = [r.randint(1, 20) for _ in range(5)]
        return f"What does this Python program print?\nprint(len([n for n in {numbers} if n % {2 + a % 2} == 0]))", len([n for n in numbers if n % (2 + a % 2) == 0])
    if kind == 3:
        return f"What does this Python program print?\nprint({a * b + c} // {a} + {a * b + c} % {a})", (a * b + c) // a + (a * b + c) % a
    if kind == 4:
        return f"What does this Python program print?\nprint('{word_}'[::-1].upper())", word_[::-1].upper()
    d = {k: r.randint(1, 30) for k in r.sample(COLOURS, 3)}
    return f"What does this Python program print?\nd = {d}\nprint(max(d.values()) - min(d.values()))", max(d.values()) - min(d.values())


def unit(r):
    """Units, clock and calendar."""
    kind = r.randrange(6)
    if kind == 0:
        start, after = r.randrange(7), r.randint(9, 60)
        return f"Today is {DAYS[start]}. Which weekday is it {after} days from now?", DAYS[(start + after) % 7]
    if kind == 1:
        h, m, add = r.randint(6, 18), r.choice([5, 10, 25, 40, 50]), r.choice([35, 50, 75, 95, 110])
        end = h * 60 + m + add
        return f"A train leaves at {h:02d}:{m:02d} and travels {add} minutes. At what time does it arrive? Write it as HH:MM.", f"{end // 60:02d}:{end % 60:02d}"
    if kind == 2:
        i = r.randrange(len(MONTHS))
        name, days = MONTHS[i]
        day = r.randint(3, days - 5)
        return f"How many days of {name} are left after {name} {day}?", days - day
    if kind == 3:
        km, m = r.randint(2, 9), r.choice([50, 125, 250, 400, 75])
        return f"How many metres are {km} kilometres and {m} metres? Give the number alone.", km * 1000 + m
    if kind == 4:
        h, m = r.randint(2, 7), r.choice([5, 12, 20, 35, 48])
        return f"How many minutes are {h} hours and {m} minutes? Give the number alone.", h * 60 + m
    kg, g = r.randint(1, 6), r.choice([40, 150, 300, 75])
    return f"How many grams are {kg} kilograms and {g} grams? Give the number alone.", kg * 1000 + g


def summary(r):
    """A summary that must keep three facts."""
    text, facts = person(r)
    first, second = r.sample(TOWNS, 2)
    filler = f"It rained all day, and the road to {second} was closed. A neighbour helped to carry it."
    return f"Summarise the text in one sentence of at most 20 words. Keep who bought what, and the price.\nText: {text} {filler}", [facts["name"], facts["thing"], facts["price"]]


def main():
    seed, count, avoid = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    r = random.Random(seed)
    seen = {json.loads(line)["question"] for file in avoid for line in open(file)}
    shares = [("word problem", word, 16), ("steps", steps, 5), ("extraction", extraction, 21), ("code", code, 21), ("unit or date", unit, 19), ("summary", summary, 8), ("fact", None, 10)]
    left = [fact for fact in FACTS if fact[0] not in seen]
    r.shuffle(left)
    made = []
    for kind, maker, share in shares:
        wanted = round(count * share / 100)
        while wanted > 0:
            if maker is None and not left:
                break
            question, answer = maker(r) if maker else left.pop()
            if question in seen:
                continue
            seen.add(question)
            wanted -= 1
            one = {"kind": "word problem" if kind == "steps" else kind, "question": question}
            if kind == "steps":
                one |= {"answers": [str(answer)], "match": "last number", "tokens": 90}
            elif kind == "summary":
                one |= {"answers": [str(fact) for fact in answer], "match": "all", "tokens": 48}
            else:
                one["answers"] = str(answer).split("|")
                if str(answer).isdigit():
                    one["match"] = "last number"
            made.append(one)
    r.shuffle(made)
    for one in made:
        print(json.dumps(one))


main()
