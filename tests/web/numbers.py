"""How a number should look, worked out apart from the page's own code."""

from decimal import ROUND_HALF_UP, Decimal, localcontext


def as_shown(value: float, digits: int | str = 4) -> str:
    """A cell's text: so many significant digits, an exponent below 0.001 and from 10^digits on.

    "4f" is four decimals, with an exponent where nothing would be left, and from 100,000 on.
    """
    if value == 0:
        return "−0" if str(value).startswith("-") else "0"
    if abs(value) < 1e-12:
        return "<1e−12" if value > 0 else ">−1e−12"
    sign = "−" if value < 0 else ""
    if isinstance(digits, str):
        return sign + _with_decimals(abs(value), int(digits.removesuffix("f")))
    return sign + _with_digits(abs(value), digits, first_exponent=-3, end_exponent=digits)


def _with_decimals(size: float, decimals: int) -> str:
    if size >= 1e5 or size < 0.5 * 10.0**-decimals:
        return _with_digits(size, decimals + 1, first_exponent=0, end_exponent=0)
    step = Decimal(1).scaleb(-decimals)
    text = f"{Decimal(size).quantize(step, ROUND_HALF_UP):f}"
    return _trimmed(text) if float(text) == size else text


def _with_digits(size: float, digits: int, first_exponent: int, end_exponent: int) -> str:
    with localcontext() as context:
        context.prec, context.rounding = digits, ROUND_HALF_UP
        rounded = +Decimal(size)
    exact = float(rounded) == size
    exponent = rounded.adjusted()
    if first_exponent <= exponent < end_exponent:
        text = f"{rounded:.{digits - 1 - exponent}f}"
        return _trimmed(text) if exact else text
    mantissa = f"{rounded.scaleb(-exponent):.{digits - 1}f}"
    power = f"−{-exponent}" if exponent < 0 else str(exponent)
    return f"{_trimmed(mantissa) if exact else mantissa}e{power}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_back(text: str) -> float:
    """The number that a tooltip writes."""
    return float(text.replace("−", "-"))
