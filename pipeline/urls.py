"""One spelling for each web address. Parsing is the browsers' (WHATWG); what is dropped stands in a table here."""

import re

import can_ada

# Parameters that say how a reader came, never what is read. Names are compared in lower case.
_TRACKING = frozenset({
    "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "action_object_map", "action_ref_map", "action_type_map",
    "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "at_medium", "cmpid", "cvid", "dclid",
    "dicbo", "ecid", "ef_id", "epik", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid", "ftag",
    "gad_source", "gbraid", "gclid", "gclsrc", "guccounter", "guce_referrer", "guce_referrer_sig", "hsctatracking",
    "icid", "ico", "igsh", "igshid", "inid", "int_campaign", "int_medium", "int_source", "itm_campaign",
    "itm_content", "itm_medium", "itm_source", "li_fat_id", "maca", "mc_cid", "mc_eid", "mkt_tok", "msclkid",
    "ncid", "ns_campaign", "ns_linkname", "ns_mchannel", "ns_source", "oly_anon_id", "oly_enc_id", "pk_campaign",
    "pk_kwd", "s_cid", "s_kwcid", "smid", "spm", "srsltid", "ttclid", "twclid", "vero_id", "wbraid", "wickedid",
    "wt_mc", "wt_zmc", "xtor", "yclid", "ysclid",
})  # fmt: skip
_TRACKING_PREFIXES = ("utm_", "mtm_", "matomo_", "piwik_", "hsa_", "stm_", "trk_")
_SHARED_SECOND_LABELS = frozenset({
    "ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "mil", "ne", "net", "nic", "or", "org",
})  # fmt: skip
_IP_ADDRESS = re.compile(r"^\[|^\d+(?:\.\d+){3}$")
_NO_SCHEME = re.compile(r"^//")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The address in one spelling: tracking parameters, fragment and credentials dropped, query sorted by name.

    ``base``: the address of the page that names ``url``, for relative ones. None for what is no http(s) address.
    """
    parsed = _parse(url, base)
    if parsed is None or parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        return None
    parsed.hash = parsed.username = parsed.password = ""
    parsed.search = _clean_query(parsed.search)
    return parsed.href


def absolute_url(url: str, base: str = "") -> str | None:
    """The web address whole and otherwise as it is; relative ones hang on ``base``. None for no http(s) address."""
    parsed = _parse(url.strip(), base) if url.strip() else None
    return parsed.href if parsed and parsed.protocol in ("http:", "https:") and parsed.hostname else None


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


def _clean_query(search: str) -> str:
    """The query without tracking parameters and empty parts, sorted by name; values keep their spelling and order."""
    parts = [part for part in search.removeprefix("?").split("&") if part and not _is_tracking(part)]
    return f"?{'&'.join(sorted(parts, key=_name))}" if parts else ""


def _name(part: str) -> str:
    return part.partition("=")[0]


def _is_tracking(part: str) -> bool:
    name = _name(part).lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
