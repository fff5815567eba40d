"""Every residue rule: a line it takes out, and a like line that is text and stays."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.extraction.residue import RULES
from pipeline.extraction.rules import Fate
from tests.extraction.stories import STORIES, cleaned, fates, story

DOCUMENTATION = Path(__file__).parents[2] / "docs/residue-rules.md"
HEADLINE, *PARAGRAPHS = STORIES["en"]
COUNTED = "The stationmaster counted them out one by one, as he does every night of the harvest."


class Case(NamedTuple):
    """Lines put into a story at a place, and those of them that the rule must (not) take out; all when not said."""

    rule: str
    lines: tuple[str, ...]
    place: str = "middle"
    meant: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()

    def judged(self) -> dict[str, str]:
        """The meant lines → the rule that took each out, or ""."""
        found = fates(story(self.lines, self.place), self.authors)
        return {line: found[line] for line in self.meant or self.lines}


REMOVED = [
    Case("symbols", ("—",)),
    Case("symbols", ("×", "–––", "▼")),
    Case("counter", ("1,204",), "top"),
    Case("counter", ("12.5K", "(48)"), "end"),
    Case("counter", ("6", "6")),
    Case("advert", ("Advertisement",)),
    Case("advert", ("Article continues below this ad", "- Anzeige -", "Sponsored content")),
    Case("share", ("Share", "Facebook Twitter WhatsApp Email"), "top"),
    Case("share", ("Share this article", "Copy link", "Facebook · X · Print")),
    Case("control", ("0:00 / 3:41", "1 of 12", "Next", "Previous", "View 14 photos")),
    Case("control", ("Skip to main content", "Accessibility links"), "top"),
    Case("label", ("County", "Ines de la Vale"), "top"),
    Case("prompt", ("Sign up for our newsletter",)),
    Case("prompt", ("Already a subscriber? Log in", "Get the best of our reporting straight to your inbox.")),
    Case("prompt", ("You have reached your limit of free articles this month.", "Download our free app")),
    Case("prompt", ("By clicking “Sign up” you agree to our Terms of Service and Privacy Policy.",)),
    Case(
        "comment-form",
        ("Leave a reply", "Your email address will not be published.", "Save my name"),
        "end",
    ),
    Case("comment-form", ("No comments yet", "Join the discussion", "Be the first to comment"), "end"),
    Case("legal", ("© 2025 Quillmere Echo. All rights reserved.", "Our standards: the code of the Echo"), "end"),
    Case("legal", ("© 2025 Quillmere Echo",), "end"),
    Case("legal", ("This material may not be published, broadcast, rewritten or redistributed.",), "end"),
    Case("legal", ("We may earn a commission when you buy through links on our site.",)),
    Case("credit", ("Photo: Ines Vale/Echo",)),
    Case("credit", ("© Ines Vale", "(Ines Vale/Reuters)", "Illustration by Ines Vale")),
    Case("agency", ("Getty Images",)),
    Case("agency", ("Ines Vale/AFP via Getty Images",)),
    Case("caption", ("The night train at its last stop. (Ines Vale/Echo)",)),
    Case("caption", ("FILE - The night train at its last stop, May 2024", "Shift workers at the gate (AFP)")),
    Case("caption", ("The council in session on Thursday. Photo: Ines Vale",)),
    Case("caption", ("The night train waits at the cannery stop. Ines Vale", "Boots of the late shift. Getty Images")),
    Case(
        "caption",
        ("The train waits at the cannery stop. Ines Vale for the Echo", "The last coach of the year EFE/ I. Vale"),
    ),
    Case("caption", ("Ines Vale speaks at the gate of the cannery in Quillmere, Friday, May 2, 2025, in Upland.",)),
    Case("caption", ("Ines Vale (l.) am Tor der Fabrik", "기관사가 열차 앞에서 손을 흔들고 있다. 뉴스1")),
    Case(
        "caption-below",
        ("Ines Vale/AFP", "The night train leaves the cannery stop"),
        meant=("The night train leaves the cannery stop",),
    ),
    Case("caption-head", ("Image caption", "Image source, Quillmere Echo")),
    Case("caption-below", ("Image caption", "The last shift at night"), meant=("The last shift at night",)),
    Case("caption-label", ("The last train", "Quillmere at night. (Ines Vale/Echo)"), meant=("The last train",)),
    Case(
        "credited-caption",
        ("Pear packers wait for the last train.", "Photo: Ines Vale"),
        meant=("Pear packers wait for the last train.",),
    ),
    Case("date", ("Published 3 May 2025", "3 May 2025, 10:42"), "top"),
    Case("date", ("Last updated: 4 May 2025 at 9.15 am", "5 min read", "2 hours ago"), "top"),
    Case("date", ("Lästid: 4 min", "Okuma süresi: 4 dakika"), "top"),
    Case("date", ("2025년 5월 3일 10시 42분 (5월 3일 11시 05분 수정)",), "top"),
    Case("date", ("2025-05-03",), "end"),
    Case("date", ("Published on 3 May 2025, 10:42",), "top"),
    Case("byline", ("By Ines Vale",), "top"),
    Case("byline", ("By", "Ines Vale"), meant=("Ines Vale",)),
    Case("byline-head", ("By", "Author of this article:")),
    Case("byline", ("By Ines Vale and Tom Roe",), "top"),
    Case("byline", ("Ines Vale, county reporter", "By Ines Vale and Tom Roe"), "top"),
    Case("byline", ("Ines Vale and Tom Roe",), "top", authors=("Ines Vale", "Tom Roe")),
    Case("attribution", ("Tom Roe contributed to this report.",), "end"),
    Case("attribution", ("Additional reporting by Tom Roe", "With files from the Associated Press"), "end"),
    Case("attribution", ("(AFP)",), "end"),
    Case("author-note", ("Ines Vale is a reporter covering the county.",), "end"),
    Case("author-note", ("Reach her at ines.vale@echo.example", "Ines Vale · @inesvale"), "end"),
    Case("title-echo", (HEADLINE,)),
    Case("title-echo", (f"{HEADLINE} | Quillmere Echo", f"County: {HEADLINE}"), "top"),
    Case("standfirst", ("The county pays for another year, but fewer passengers than hoped take it",), "top"),
    Case("repeat", (PARAGRAPHS[0],), "end"),
    Case("repeat", ("Cannery hires two hundred for the harvest Cannery hires two hundred for the harvest",)),
    Case("repeat", ("Bus line 9 to run on Sundays", "Bus line 9 to run on Sundays")),
    Case("related", ("Read more: The cannery’s long nights",)),
    Case("related", ("Related articles", "See also: bus line 9", "You may also like", "More from the county"), "end"),
    Case(
        "related-list",
        ("Related", "Bus line 9 to run on Sundays", "Cannery hires two hundred for the harvest"),
        meant=("Bus line 9 to run on Sundays", "Cannery hires two hundred for the harvest"),
    ),
    Case("shouted-promo", ("CANNERY HIRES TWO HUNDRED WOMEN FOR THE HARVEST",)),
    Case("topics", ("Railways", "Pears", "County council"), "end"),
]
"""Rules of mark-up (see test_residue_markup.py) have no case here."""

KEPT = [
    Case("symbols", ("42",)),
    Case("symbols", ("“…”, she said.",)),
    Case("counter", ("42",)),
    Case("counter", ("1", "2", "3"), "top"),
    Case("advert", ("Advertisements for the circus still hung in the square.", "Reklame macht der Ort nicht.")),
    Case("share", ("Twitter and Facebook were slow.", "Share prices fell for the third day in a row.")),
    Case("control", ("12 of 30 survived.", "At 10:30 the lights went out.", "Next week the court sits.")),
    Case("label", ("Home was two rooms above the bakery.", "Search parties set out at dawn."), "top"),
    Case("control", ("Home", "Search")),
    Case("label", ("Nobody answered.", "And now?", "Quillmere, Upland"), "top"),
    Case("label", ("Second thoughts",)),
    Case("prompt", ("“Sign up or leave,” the foreman told them.", "Support has fallen to 22 per cent.")),
    Case("prompt", ("Subscribers to the county’s newsletter were told first.",)),
    Case(
        "comment-form",
        ("No comment was available from the ministry.", "Comments came from all sides."),
        "end",
    ),
    Case("legal", ("Copyright law was written for printers, not for machines.", "All rights end somewhere."), "end"),
    Case("credit", ("Photo by photo the film rebuilds the night of the fire.", "Credit is hard to come by.")),
    Case("agency", ("NASA", "AP")),
    Case("agency", ("Reuters was the first to report the strike, at noon.", "Getty left his house to the town.")),
    Case("caption", ("The probe was built by the American space agency (NASA).", "He lost it all (twice).")),
    Case(
        "caption", ("The shop was closed for good on Monday. Read More", "Services will be held Friday, May 2, 2025.")
    ),
    Case("caption", ("A photo of the letter was passed from hand to hand in the market.",)),
    Case("credited-caption", (COUNTED, "Photo: Ines Vale"), meant=(COUNTED,)),
    Case("caption-head", ("The caption under the image said it all.",)),
    Case("caption-below", ("Image caption", "Nobody laughed, she said."), meant=("Nobody laughed, she said.",)),
    Case("caption-below", ("Ines Vale/AFP", "Nobody laughed."), meant=("Nobody laughed.",)),
    Case(
        "caption-label",
        ("Nobody answered.", "The last train at Quillmere. (Ines Vale/Echo)"),
        meant=("Nobody answered.",),
    ),
    Case(
        "credited-caption",
        ("“Leave the lamps on,” the guard called after them.", "Photo: Ines Vale"),
        meant=("“Leave the lamps on,” the guard called after them.",),
    ),
    Case("date", ("She was born on 3 May 1962.", "Published in 1925, the novel made her name."), "end"),
    Case("date", ("The vote of 3 May 2025 and what came after it in the valley of the pear growers",)),
    Case("byline", ("By Tuesday evening nobody had come", "By then Mara Lind and Tom Roe had left.")),
    Case("byline", ("Closing the gap",), "end"),
    Case("byline-head", ("By and by the train filled.", "Authors stayed away.")),
    Case("attribution", ("Three scientists who contributed to the report resigned on Monday.",), "end"),
    Case("attribution", ("With additional troops on the border, the ministry hopes for a calmer summer.",)),
    Case("author-note", ("The man was a former reporter, the police said.", "Follow him to the ruins."), "end"),
    Case("title-echo", (f"{HEADLINE} until next spring, the council says.",), "top"),
    Case("title-echo", (f"The Echo had asked in March: would it ever be that the {HEADLINE.lower()}?",), "end"),
    Case("standfirst", ("Nobody had expected so many people to come on a Thursday night.",), "top"),
    Case("repeat", ("Nobody answered.", "Then it rained."), "end"),
    Case("repeat", ("And miles to go", "And miles to go", "No one saw it coming, no one saw it coming, they sang.")),
    Case("related", ("Elsewhere on the island, shops opened as usual.", "“Read more books,” the teacher told them.")),
    Case("related", ("Related crimes fell by a third, the police said.", "More in sorrow than in anger, he read on.")),
    Case("related-list", ("Related", "The rest went home on foot."), meant=("The rest went home on foot.",)),
    Case(
        "shouted-promo",
        ("WE ARE NOT LEAVING, said the banner across the gate.", "“NOT ONE OF US LEAVES THIS TOWN”"),
    ),
    Case(
        "shouted-promo", ("WHAT COMES NEXT", "THREE TRAINS AND A BUS FOR TOWN", "2 HOUSES LOST, 7 OTHERS UNDER WATER")
    ),
    Case("topics", ("Railways", "Pears are not trains.", "Council"), "end"),
    Case("topics", ("Votes by member", "Vale 8", "Roe 6", "Lind 9"), "end"),
    Case("prompt", ("Subscribe to the Echo", "* The oldest of them is 94."), meant=("The oldest of them is 94.",)),
]


def named(case: Case) -> str:
    return f"{case.rule}: {(case.meant or case.lines)[0][:40]}"


@pytest.mark.parametrize("case", REMOVED, ids=named)
def test_residue_is_taken_out_by_its_rule(case):
    assert case.judged() == dict.fromkeys(case.meant or case.lines, case.rule)


@pytest.mark.parametrize("case", KEPT, ids=named)
def test_text_like_it_stays(case):
    assert case.judged() == dict.fromkeys(case.meant or case.lines, "")


@pytest.mark.parametrize("case", REMOVED, ids=named)
def test_the_story_around_residue_stays(case):
    kept = [line.text for line in cleaned(story(case.lines, case.place), case.authors).kept]
    assert kept == PARAGRAPHS


def test_every_rule_has_a_line_it_takes_out_and_one_it_leaves():
    from tests.extraction import test_residue_markup as markup  # noqa: PLC0415 - it needs this module's helpers

    names = {rule.name for rule in RULES}
    assert {case.rule for case in REMOVED} | set(markup.REMOVED) == names
    assert {case.rule for case in KEPT} | set(markup.KEPT) == names


def test_the_documentation_tells_what_every_rule_is_worth():
    names = re.findall(r"^\| `([\w-]+)` \|", DOCUMENTATION.read_text(), re.MULTILINE)
    assert names == [rule.name for rule in RULES]


def test_rules_have_distinct_names_and_say_what_they_take_out():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.name for rule in RULES if not rule.doc.endswith(".")] == []


@pytest.mark.parametrize(
    ("fate", "line", "place"),
    [
        (Fate.CAPTION, "The night train at its last stop. (Ines Vale/Echo)", "middle"),
        (Fate.BYLINE, "By Ines Vale", "top"),
        (Fate.ATTRIBUTION, "Tom Roe contributed to this report.", "end"),
        (Fate.STANDFIRST, "The county pays for another year, but few take it", "top"),
        (Fate.DROP, "Sign up for our newsletter", "middle"),
    ],
)
def test_a_line_goes_where_its_rule_says(fate, line, place):
    done = cleaned(story(line, place))
    assert {where: [moved.text for moved in lines] for where, lines in done.moved.items() if lines} == {fate: [line]}
    assert [gone.text for gone in done.removed] == [line]


def test_removed_lines_know_their_place_on_the_page():
    lines = story(["Sign up for our newsletter", "Advertisement"], "middle").split("\n\n")
    assert [lines[gone.position] for gone in cleaned("\n\n".join(lines)).removed] == [
        "Sign up for our newsletter",
        "Advertisement",
    ]


def test_the_documentation_tells_of_every_rule_in_order_with_proven_examples():
    from tests.extraction import test_residue_markup as markup  # noqa: PLC0415 - as above

    table, *sections = re.split(r"^### (.+)$", DOCUMENTATION.read_text(), flags=re.MULTILINE)
    assert re.findall(r"^\| \[`([\w-]+)`\]", table, re.MULTILINE) == [rule.name for rule in RULES]
    assert sections[::2] == [rule.name for rule in RULES]
    proven = {
        True: set(map(markup.shown, markup.REMOVED.values())),
        False: set(map(markup.shown, markup.KEPT.values())),
    }
    for is_removed, cases in ((True, REMOVED), (False, KEPT)):
        proven[is_removed] |= {line.removeprefix("* ") for case in cases for line in case.lines}
    for kind, example in re.findall(r"^- (takes out|leaves): `(.+)`", "".join(sections), re.MULTILINE):
        assert example in proven[kind == "takes out"]
