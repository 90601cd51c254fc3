"""How a number should look, worked out apart from the page's own code."""

from decimal import ROUND_HALF_UP, Decimal, localcontext


def as_shown(value: float, digits: int = 4) -> str:
    """A cell's text: so many significant digits, an exponent below 0.001 and from 10^digits on."""
    if value == 0:
        return "−0" if str(value).startswith("-") else "0"
    if abs(value) < 1e-12:
        return "<1e−12" if value > 0 else ">−1e−12"
    sign = "−" if value < 0 else ""
    with localcontext() as context:
        context.prec, context.rounding = digits, ROUND_HALF_UP
        rounded = +abs(Decimal(value))
    exact = float(rounded) == abs(value)
    exponent = rounded.adjusted()
    if -3 <= exponent < digits:
        text = f"{rounded:.{digits - 1 - exponent}f}"
        return sign + (_trimmed(text) if exact else text)
    mantissa = f"{rounded.scaleb(-exponent):.{digits - 1}f}"
    power = f"−{-exponent}" if exponent < 0 else str(exponent)
    return f"{sign}{_trimmed(mantissa) if exact else mantissa}e{power}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_back(text: str) -> float:
    """The number that a tooltip writes."""
    return float(text.replace("−", "-"))
