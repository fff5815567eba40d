"""One spelling for each web address. Parsing is the browsers' (WHATWG); what is dropped stands in a table here."""

import re
from functools import lru_cache

import can_ada

# Parameters that say how a reader came, never what is read. Names are compared in lower case.
_TRACKING = frozenset({
    "__s", "__twitter_impression", "_branch_match_id", "_ga", "_gl", "_hsenc", "_hsmi", "_ke", "_openstat",
    "action_object_map", "action_ref_map", "action_type_map", "amp_gsa", "amp_js_v", "at_campaign", "at_custom1",
    "at_custom2", "at_custom3", "at_custom4", "at_format", "at_medium", "cmp", "cmpid", "cvid", "dclid", "dicbo",
    "dm_i", "echobox", "ecid", "ef_id", "elqtrack", "elqtrackid", "emc", "epik", "fb_action_ids", "fb_action_types",
    "fb_comment_id", "fb_ref", "fb_source", "fbclid", "ftag", "gaa_at", "gaa_n", "gaa_sig", "gaa_ts", "gad_source",
    "gbraid", "gclid", "gclsrc", "guccounter", "guce_referrer", "guce_referrer_sig", "hsctatracking", "hss_channel",
    "icid", "ico", "igsh", "igshid", "inid", "int_campaign", "int_medium", "int_source", "itm_campaign",
    "itm_content", "itm_medium", "itm_source", "ito", "li_fat_id", "maca", "mbid", "mc_cid", "mc_eid", "mkt_tok",
    "mkwid", "msclkid", "ncid", "ns_campaign", "ns_linkname", "ns_mchannel", "ns_source", "ocid", "oly_anon_id",
    "oly_enc_id", "pcrid", "pk_campaign", "pk_kwd", "rb_clickid", "ref_src", "ref_url", "s_cid", "s_kwcid",
    "sc_cid", "smid", "smtyp", "soc_src", "soc_trk", "spm", "sr_share", "sref", "srsltid", "sxsrf",
    "traffic_source", "trkid", "ttclid", "twclid", "usqp", "vero_id", "wbraid", "wickedid", "wpisrc", "wpmm",
    "wt_mc", "wt_zmc", "xtcr", "xtmc", "xtor", "xts", "yclid", "ysclid",
})  # fmt: skip
_TRACKING_PREFIXES = (
    "utm_", "mtm_", "matomo_", "piwik_", "pk_", "hsa_", "stm_", "trk_", "oly_", "cm_mmc", "at_bbc_", "at_custom",
    "at_link_", "at_ptr_",
)  # fmt: skip
_SESSIONS = frozenset(
    {"phpsessid", "jsessionid", "aspsessionid", "cfid", "cftoken", "sessionid", "session_id", "sessid"}
)
# Names that say how a reader came only with such a value: "source=rss", but not "source=42".
_WAYS = frozenset({"from", "medium", "origin", "partner", "ref", "referer", "referrer", "source", "src", "via"})
_CAME_BY = frozenset({
    "atom", "email", "facebook", "fb", "feed", "feedburner", "feeds", "flipboard", "google", "googlenews", "home",
    "homepage", "hp", "linkedin", "mail", "newsletter", "push", "reddit", "rss", "rss2", "rssfeed", "share", "social",
    "telegram", "tw", "twitter", "whatsapp",
})  # fmt: skip
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_ROUTES = ("#!", "#/")
# Spellings of a page for small screens or a reader's cache, cut off to leave what all of them share.
_TWIN_LABELS = frozenset({"www", "m", "mobile", "amp", "wap", "touch", "mobi"})
_CACHED = re.compile(r"^/(?:amp|c|v|i)/s/(?=[a-z0-9-]+(?:\.[a-z0-9-]+)+/)", re.IGNORECASE)
_AMP = r"^/(?:amp|m|mobile)(?=/.)|/amp(?:\.html?)?/?$|\.amp(?=\.html?$|/?$)"
_AMP_PATH = re.compile(_AMP, re.IGNORECASE)
_TWIN_PATH = re.compile(rf"{_AMP}|/index\.(?:html?|php)$|/$", re.IGNORECASE)
_TWIN_NAMES = frozenset({"amp", "_amp", "outputtype", "mobile", "view"})
_TWIN_VALUES = frozenset({"", "1", "amp", "true", "yes", "mobile", "amphtml", "amp-type", "m"})
_SHARED_SECOND_LABELS = frozenset({
    "ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "mil", "ne", "net", "nic", "or", "org",
})  # fmt: skip
_IP_ADDRESS = re.compile(r"^\[|^\d+(?:\.\d+){3}$")
_NO_SCHEME = re.compile(r"^//")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The address in one spelling: tracking and session parameters, fragment and credentials dropped, query sorted.

    A fragment that routes ("#!/a") stays. ``base``: the address of the page that names ``url``, for relative ones.
    None for what is no http(s) address.
    """
    parsed = _parse(url, base)
    if parsed is None or parsed.protocol not in ("http:", "https:") or not parsed.hostname.strip("."):
        return None
    if not parsed.hash.startswith(_ROUTES) or len(parsed.hash) < 3:
        parsed.hash = ""
    parsed.username = parsed.password = ""
    if parsed.hostname.endswith("."):
        parsed.hostname = parsed.hostname.rstrip(".")
    if "%" in parsed.pathname or ";" in parsed.pathname:
        parsed.pathname = _plain_escapes(_PATH_SESSION.sub("", parsed.pathname))
    parsed.search = _clean_query(_plain_escapes(parsed.search))
    return parsed.href


def twin_key(url: str) -> str | None:
    """What the spellings of one article share: plain and secure, with and without www, mobile and AMP.

    Only to compare; no address. None for what is no http(s) address.
    """
    address = canonical_url(url)
    if address is None:
        return None
    rest = address.partition("://")[2]
    host, slash, path = rest.partition("/")
    if cached := _CACHED.match(slash + path):
        host, _, path = (slash + path)[cached.end() :].partition("/")
    site = site_of(f"http://{host}") or host
    above, _, port = host.partition(site)
    extra = [label for label in above.split(".") if label and label not in _TWIN_LABELS]
    path, mark, query = f"/{path}".partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _is_twin_part(part))
    while (shorter := _TWIN_PATH.sub("", path)) != path:
        path = shorter
    return f"{'.'.join([*extra, site])}{port}{path}{mark if kept else ''}{kept}"


def is_twin(url: str) -> bool:
    """Whether the address is spelled as that of an AMP or mobile page, of which there is a full one elsewhere."""
    address = canonical_url(url)
    parsed = _parse(address, None) if address else None
    if parsed is None:
        return False
    above = parsed.hostname.removesuffix(site_of(parsed.href)).split(".")
    return (
        not (_TWIN_LABELS - {"www"}).isdisjoint(above)
        or _CACHED.match(parsed.pathname) is not None
        or _AMP_PATH.search(parsed.pathname) is not None
        or any(map(_is_twin_part, parsed.search.removeprefix("?").split("&")))
    )


def absolute_url(url: str, base: str = "") -> str | None:
    """The web address whole and otherwise as it is, but for credentials; relative ones hang on ``base``.

    None for no http(s) address.
    """
    parsed = _parse(url.strip(), base) if url.strip() else None
    if parsed is None or parsed.protocol not in ("http:", "https:") or not parsed.hostname.strip("."):
        return None
    parsed.username = parsed.password = ""
    return parsed.href


@lru_cache(1000)  # it is asked for the same hosts again and again
def site_of(url: str) -> str:
    """The part of the host that one owner registers ("example.co.uk" of "https://news.example.co.uk/"), or "".

    An approximation without the public suffix list: two labels, three below a shared second label such as "co.uk".
    """
    parsed = _parse(url, None)
    host = parsed.hostname.rstrip(".") if parsed else ""
    if _IP_ADDRESS.search(host):
        return host
    labels = host.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_SECOND_LABELS
    return ".".join(labels[-3:] if shared else labels[-2:])


def is_home(url: str) -> bool:
    """Whether the address is a site's front door: no path and no query."""
    parsed = _parse(url, None)
    return parsed is None or (parsed.pathname in ("", "/") and not parsed.search)


def path_words(url: str) -> list[str]:
    """The path's parts but the last, hyphens as spaces: what an address says of the sections above its page."""
    parsed = _parse(url, None)
    parts = parsed.pathname.split("/")[1:-1] if parsed else []
    return [part.replace("-", " ") for part in parts if part]


def plausible_canonical(candidate: str, page_url: str) -> bool:
    """Whether a page at ``page_url`` may honestly call ``candidate`` its address: an article's, on the same site.

    With an unknown ``page_url`` (empty, or no web address) any article's address will do.
    """
    address = canonical_url(candidate)
    if address is None or is_home(address):
        return False
    page = canonical_url(page_url)
    return page is None or site_of(address) == site_of(page)


def _parse(url: str, base: str | None) -> can_ada.URL | None:
    """The address parsed, joined to ``base`` where it is relative and a base is known."""
    try:
        if base and is_web_address(base):
            return can_ada.parse(base) + url
        return can_ada.parse(_NO_SCHEME.sub("https://", url.strip()))
    except (ValueError, TypeError):  # TypeError: half a surrogate pair in it
        return None


def is_web_address(url: str) -> bool:
    """Whether the address begins as a web address does."""
    return url[:8].lower().startswith(("http://", "https://"))


def _plain_escapes(text: str) -> str:
    """Percent-encoding in one spelling: none for characters that need none, capital digits for the others."""
    return _ESCAPED.sub(_one_escape, _BARE_PERCENT.sub("%25", text)) if "%" in text else text


def _one_escape(found: re.Match[str]) -> str:
    character = chr(int(found[0][1:], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _clean_query(search: str) -> str:
    """The query without tracking parameters and empty parts, sorted by name; values keep their spelling and order."""
    parts = [part for part in search.removeprefix("?").split("&") if part and not _is_tracking(part)]
    return f"?{'&'.join(sorted(parts, key=_name))}" if parts else ""


def _name(part: str) -> str:
    return part.partition("=")[0]


def _is_tracking(part: str) -> bool:
    name, _, value = part.lower().removeprefix("amp;").partition("=")
    if name in _TRACKING or name in _SESSIONS or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _WAYS and value in _CAME_BY


def _is_twin_part(part: str) -> bool:
    name, _, value = part.lower().partition("=")
    return name in _TWIN_NAMES and value in _TWIN_VALUES
