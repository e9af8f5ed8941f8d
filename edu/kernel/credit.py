"""Amounts of credit: decimals with two places, never floats."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CREDIT_PLACES = Decimal("0.01")
CREDIT_POINTS_MAX = Decimal("999999.99")  # numeric(8,2), the column that holds them


def credit_points(value: str | int | Decimal) -> Decimal:
    """Return `value` as credit points with two places; ValueError for floats, negatives, more places, too large."""
    if isinstance(value, float):
        raise ValueError("Credit points come as text or decimal, never as float.")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not an amount of credit.") from None
    if not amount.is_finite() or amount < 0 or amount > CREDIT_POINTS_MAX:
        raise ValueError(f"{value!r} is not an amount of credit between 0 and {CREDIT_POINTS_MAX}.")
    if amount != amount.quantize(CREDIT_PLACES):
        raise ValueError(f"{value!r} has more than two decimal places.")
    return amount.quantize(CREDIT_PLACES)


def canonical(amount: Decimal) -> str:
    """Return the amount as it stands in hashed and signed bytes: "2.00"."""
    return str(amount.quantize(CREDIT_PLACES, rounding=ROUND_HALF_UP))


def round_to_step(amount: Decimal, step: Decimal) -> Decimal:
    """Return `amount` rounded half up to a multiple of `step` (for example 0.5 credit points)."""
    return ((amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step).quantize(CREDIT_PLACES)
