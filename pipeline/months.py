"""Names of the months in the languages of the press, as they stand in dates (full, short and inflected forms)."""
# ruff: noqa: E501 - one line a language is what makes the table readable

from pipeline.text import collapse

# One line per language, months separated by "|"; within a month every form. A form that means another month in
# another language (Croatian "listopad", Czech "srpen" beside Croatian "srpanj") is kept for the larger press only.
_TABLE = """
jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october|nov november|dec december
jan januar jänner|feb februar feber|mär märz mrz maerz|apr april|mai|jun juni|jul juli|aug august|sep sept september|okt oktober|nov november|dez dezember
janv janvier|févr février fév fevrier|mars|avr avril|mai|juin|juil juillet|août aout aoû|sept septembre|oct octobre|nov novembre|déc décembre decembre
ene enero|feb febrero|mar marzo|abr abril|may mayo|jun junio|jul julio|ago agosto|sep sept set septiembre setiembre|oct octubre|nov noviembre|dic diciembre
gen gennaio|feb febbraio|mar marzo|apr aprile|mag maggio|giu giugno|lug luglio|ago agosto|set sett settembre|ott ottobre|nov novembre|dic dicembre
jan janeiro|fev fevereiro|mar março marco|abr abril|mai maio|jun junho|jul julho|ago agosto|set setembro|out outubro|nov novembro|dez dezembro
gener|febr febrer|març|abr abril|maig|juny|juliol|ag agost|setembre|octubre|novembre|desembre des
januari|februari|maart mrt|april|mei|juni|juli|augustus|september|oktober okt|november|december
sty stycznia styczeń|lut lutego luty|mar marca marzec|kwi kwietnia kwiecień|maj maja|cze czerwca czerwiec|lip lipca lipiec|sie sierpnia sierpień|wrz września wrzesień|paź października październik|lis listopada listopad|gru grudnia grudzień
leden ledna|únor února|březen března|duben dubna|květen května|června červen|července červenec|srpna srpen|září|říjen října|listopadu listopad|prosince prosinec
januára|februára|marec marca|apríla apríl|mája máj|júna jún|júla júl|augusta|septembra|októbra október|novembra|decembra
január|február febr|március márc|április ápr|május máj|június jún|július júl|augusztus|szeptember szept|október|november|december
ian ianuarie|februarie|martie|aprilie|mai|iun iunie|iul iulie|august|septembrie|octombrie|noi noiembrie|decembrie
januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december
januar|februar|marts|april|maj mai|juni|juli|august|september|oktober|november|december desember
tammi tammikuu tammikuuta|helmi helmikuu helmikuuta|maalis maaliskuu maaliskuuta|huhti huhtikuu huhtikuuta|touko toukokuu toukokuuta|kesä kesäkuu kesäkuuta|heinä heinäkuu heinäkuuta|elo elokuu elokuuta|syys syyskuu syyskuuta|loka lokakuu lokakuuta|marras marraskuu marraskuuta|joulu joulukuu joulukuuta
janúar|febrúar|mars|apríl|maí|júní|júlí|ágúst ágú|september|október|nóvember nóv|desember
jaanuar|veebruar|märts|aprill|mai|juuni|juuli|august|september|oktoober|november|detsember
janvāris|februāris|marts|aprīlis|maijs|jūnijs|jūlijs|augusts|septembris|oktobris|novembris|decembris
sausio sausis|vasario vasaris|kovo kovas|balandžio balandis|gegužės gegužė|birželio birželis|liepos liepa|rugpjūčio rugpjūtis|rugsėjo rugsėjis|spalio spalis|lapkričio lapkritis|gruodžio gruodis
januar|februar|marec marca|april aprila|maj maja|junij junija|julij julija|avg avgust avgusta|septembra|oktobra|novembra|decembra
siječnja siječanj|veljače veljača|ožujka ožujak|travnja travanj|svibnja svibanj|lipnja lipanj|srpnja srpanj|kolovoza kolovoz|rujna rujan||studenoga studenog studeni|prosinca prosinac
oca ocak|şub şubat|mart|nis nisan|mayıs|haz haziran|tem temmuz|ağu ağustos|eyl eylül|eki ekim|kas kasım|ara aralık
jan januari|feb februari pebruari|maret|april|mei|jun juni|jul juli|agu agustus agt|sep september|okt oktober|nov november nopember|des desember
januari|februari|machi|aprili|mei|juni|julai|agosti|septemba|oktoba|novemba|desemba
янв января январь|фев февр февраля февраль|мар марта март|апр апреля апрель|мая май|июн июня июнь|июл июля июль|авг августа август|сен сент сентября сентябрь|окт октября октябрь|ноя нояб ноября ноябрь|дек декабря декабрь
січ січня січень|лют лютого лютий|бер березня березень|квіт квітня квітень|трав травня травень|черв червня червень|лип липня липень|серп серпня серпень|вер вересня вересень|жовт жовтня жовтень|лист листопада листопад|груд грудня грудень
януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември
јануар|фебруар|март|април|мај|јун|јул|август|септембар|октобар|новембар|децембар
ιαν ιανουαρίου ιανουάριος|φεβ φεβρουαρίου φεβρουάριος|μαρ μάρ μαρτίου μάρτιος|απρ απριλίου απρίλιος|μαΐ μαΐου μάι μάιος μαϊ|ιουν ιούν ιουνίου ιούνιος|ιουλ ιούλ ιουλίου ιούλιος|αυγ αύγ αυγούστου αύγουστος|σεπ σεπτεμβρίου σεπτέμβριος|οκτ οκτωβρίου οκτώβριος|νοε νοέ νοεμβρίου νοέμβριος|δεκ δεκεμβρίου δεκέμβριος
يناير كانون_الثاني|فبراير شباط|مارس آذار|أبريل ابريل إبريل نيسان|مايو أيار|يونيو يونيه حزيران|يوليو يوليه تموز|أغسطس اغسطس آب|سبتمبر أيلول|أكتوبر اكتوبر تشرين_الأول|نوفمبر تشرين_الثاني|ديسمبر كانون_الأول
جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر
ינואר בינואר|פברואר בפברואר|מרץ במרץ|אפריל באפריל|מאי במאי|יוני ביוני|יולי ביולי|אוגוסט באוגוסט|ספטמבר בספטמבר|אוקטובר באוקטובר|נובמבר בנובמבר|דצמבר בדצמבר
जनवरी|फरवरी फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर अक्तूबर|नवंबर नवम्बर|दिसंबर दिसम्बर
"""


def _forms() -> dict[str, int]:
    months: dict[str, int] = {}
    for line in _TABLE.strip().splitlines():
        for number, names in enumerate(line.split("|"), 1):
            for name in names.split():
                months.setdefault(name.replace("_", " ").casefold(), number)
    return months


MONTHS = _forms()
"""Form, case folded → 1–12."""


def month_number(name: str) -> int | None:
    """The month a word names, in any of the languages; a closing full stop does not matter."""
    return MONTHS.get(collapse(name).strip(".,").casefold().replace("i̇", "i"))
