"""Prints numbers as people write them, and how `phonenumbers` reads them.

One line for each: the form, the region, its calling code, the text, the number in
E.164, and what the text is read as, E.164 or a minus sign. The numbers are the example numbers of every region of the package, of
every type, each in every form.
"""

import phonenumbers as peer
from phonenumbers import PhoneNumberFormat as Format
from phonenumbers import PhoneNumberType as Type

TYPES = [
    Type.FIXED_LINE,
    Type.MOBILE,
    Type.TOLL_FREE,
    Type.PREMIUM_RATE,
    Type.SHARED_COST,
    Type.VOIP,
    Type.PERSONAL_NUMBER,
    Type.PAGER,
    Type.UAN,
    Type.VOICEMAIL,
]


def changed(digits, zero):
    """The text with its digits in another script."""
    return "".join(
        chr(ord(zero) + int(letter)) if letter in "0123456789" else letter
        for letter in digits
    )


def forms(number, code, national, region, metadata):
    """The number in every form."""
    written = peer.format_number(number, Format.INTERNATIONAL)
    local = peer.format_number(number, Format.NATIONAL)
    e164 = peer.format_number(number, Format.E164)
    yield "E.164", e164
    yield "international", written
    yield "00", "00" + e164[1:]
    yield "national", local
    yield "digits of the national number", national
    yield "digits with the country code", e164[1:]
    if metadata.national_prefix:
        yield "trunk prefix", metadata.national_prefix + national
        yield "trunk prefix in parentheses", (
            f"+{code} ({metadata.national_prefix}){national}"
        )
        yield "trunk prefix after the country code", (
            f"+{code}{metadata.national_prefix}{national}"
        )

    yield "00 with spaces", "00 " + written[1:]
    yield "dashes", written.replace(" ", "-")
    yield "dots", written.replace(" ", ".").replace("-", ".")
    yield "country code in parentheses", f"(+{code}) {national}"
    yield "national with dashes", local.replace(" ", "-")
    yield "national with dots", local.replace(" ", ".").replace("-", ".")
    yield "national in one", "".join(local.split())
    yield "Arabic-Indic digits", changed(written, "٠")
    yield "Eastern Arabic-Indic digits", changed(local, "۰")
    prefix = metadata.preferred_international_prefix or metadata.international_prefix
    if prefix and prefix.isdigit():
        yield "dial-out prefix", f"{prefix}{code}{national}"
    for carrier in carriers(region):
        yield "carrier code", peer.format_national_number_with_carrier_code(
            number, carrier
        )
    yield "as a mobile dials", peer.format_number_for_mobile_dialing(
        number, region, True
    )
    yield "as abroad from Spain", peer.format_out_of_country_calling_number(
        number, "ES"
    )
    yield "extension", f"{written} ext. 12"
    yield "tel URI", peer.format_number(number, Format.RFC3966)
    yield "letters", f"{local[:-3]}ABC"


def carriers(region):
    return {
        "AR": ["19"],
        "BR": ["12", "15", "21", "31", "41", "43", "99"],
        "CO": ["3", "5", "7", "9", "444", "456"],
        "CR": ["1900", "1999"],
        "CN": ["17909"],
        "FO": ["1001"],
        "BO": ["10", "17"],
        "KR": ["81", "82"],
        "LI": ["1001"],
    }.get(region, [])


def read(text, region):
    try:
        number = peer.parse(text, region)
    except peer.NumberParseException:
        return "-"
    return peer.format_number(number, Format.E164)


def lines():
    for region in sorted(peer.SUPPORTED_REGIONS):
        code = peer.country_code_for_region(region)
        metadata = peer.PhoneMetadata.metadata_for_region(region, None)
        for kind in TYPES:
            number = peer.example_number_for_type(region, kind)
            if number is not None:
                national = peer.national_significant_number(number)
                e164 = peer.format_number(number, Format.E164)
                for form, text in forms(number, code, national, region, metadata):
                    if text:
                        yield form, region, code, text, e164, read(text, region)
    # Codes of no region, such as 800: there is no national form.
    for code in sorted(peer.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        number = peer.example_number_for_non_geo_entity(code)
        e164 = peer.format_number(number, Format.E164)
        written = peer.format_number(number, Format.INTERNATIONAL)
        for form, text in [("E.164", e164), ("international", written)]:
            yield form, "001", code, text, e164, read(text, "001")


for line in dict.fromkeys(lines()):
    print(*line, sep="\t")
