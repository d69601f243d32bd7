// Elementary functions of one REAL: no branches and no calls, so that loops over them become vector code,
// with the same operations in the vector body and in the remainder, so that bits do not depend on the
// position.
//
// Included once per scalar type, after constants_float.h or constants_double.h.

#include <math.h>
#include <stdint.h>

INLINE REAL NAME(absolute)(REAL x) { return x < 0 ? -x : x; }

// NaN passes through both: a comparison with it is false.
INLINE REAL NAME(at_least)(REAL x, REAL lower) { return x < lower ? lower : x; }
INLINE REAL NAME(at_most)(REAL x, REAL upper) { return x > upper ? upper : x; }

INLINE REAL NAME(with_sign)(REAL magnitude, REAL sign) {
  const BITS mask = (BITS)1 << (sizeof(BITS) * 8 - 1);
  union { REAL real; BITS bits; } a = {magnitude}, b = {sign};
  a.bits = (a.bits & ~mask) | (b.bits & mask);
  return a.real;
}

INLINE REAL NAME(rounded)(REAL x) { return (x + ROUNDER) - ROUNDER; }

// 2^k for an integer k that is the exponent of a normal number, of k + ROUNDER, whose last bits are those of k.
INLINE REAL NAME(power_of_shifted)(REAL shifted) {
  union { REAL real; BITS bits; } u = {shifted}, one = {1};
  u.bits = (u.bits << MANTISSA_BITS) + one.bits;
  return u.real;
}

INLINE REAL NAME(power_of_two)(REAL k) { return NAME(power_of_shifted)(k + ROUNDER); }

INLINE REAL NAME(polynomial)(const REAL *coefficients, int count, REAL x) {
  REAL sum = coefficients[count - 1];
  for (int k = count - 2; k >= 0; k--) sum = sum * x + coefficients[k];
  return sum;
}

// x = k ln 2 + r with an integer k and |r| <= ln(2)/2: returns r.
INLINE REAL NAME(reduce)(REAL x, REAL *k) {
  *k = NAME(rounded)(x * LOG2_E);
  return (x - *k * LN2_HIGH) - *k * LN2_LOW;
}

// exp(r) - 1 for |r| <= ln(2)/2, by its Taylor series.
INLINE REAL NAME(expm1_reduced)(REAL r) {
  static const REAL coefficients[] = {
      (REAL)(1.0 / 2),        (REAL)(1.0 / 6),         (REAL)(1.0 / 24),        (REAL)(1.0 / 120),
      (REAL)(1.0 / 720),      (REAL)(1.0 / 5040),      (REAL)(1.0 / 40320),     (REAL)(1.0 / 362880),
      (REAL)(1.0 / 3628800),  (REAL)(1.0 / 39916800),  (REAL)(1.0 / 479001600), (REAL)(1.0 / 6227020800)};
  return r * r * NAME(polynomial)(coefficients, EXP_TERMS, r) + r;
}

// The power of two is applied in halves: it may itself overflow or be subnormal where the result is not.
INLINE REAL NAME(exponential)(REAL x) {
  REAL k, r = NAME(reduce)(NAME(at_most)(NAME(at_least)(x, EXP_LOWEST), EXP_HIGHEST), &k);
  REAL half = NAME(rounded)(k / 2);
  return (NAME(expm1_reduced)(r) + 1) * NAME(power_of_two)(half) * NAME(power_of_two)(k - half);
}

// 2^k (exp(r) - 1) + (2^k - 1), halved inside because 2^k may overflow where the result does not.
INLINE REAL NAME(exponential_minus_one)(REAL x) {
  REAL k, r = NAME(reduce)(NAME(at_most)(NAME(at_least)(x, EXPM1_LOWEST), EXP_HIGHEST), &k);
  REAL y = NAME(expm1_reduced)(r), scale = NAME(power_of_two)(k - 1);
  REAL half = scale * y + (scale - (REAL)0.5);
  return NAME(with_sign)(k == 0 ? y : half + half, x);
}

// With e = exp(2|x|) - 1 = 2^k (exp(r) - 1) + (2^k - 1): tanh |x| = e / (e + 2), without cancellation.
INLINE REAL NAME(hyperbolic_tangent)(REAL x) {
  const REAL twice = 2 * NAME(at_most)(NAME(absolute)(x), TANH_LIMIT);
  const REAL shifted = twice * LOG2_E + ROUNDER, k = shifted - ROUNDER;
  const REAL r = (twice - k * LN2_HIGH) - k * LN2_LOW;
  const REAL scale = NAME(power_of_shifted)(shifted);
  const REAL e = scale * NAME(expm1_reduced)(r) + (scale - 1);
  return NAME(with_sign)(e / (e + 2), x);
}

INLINE REAL NAME(logistic)(REAL x) {
  REAL e = NAME(exponential)(-NAME(absolute)(x));
  return (x < 0 ? e : 1) / (1 + e);
}

// log(1 + f) for 0 <= f <= 1. With s = f / (2 + f):
// log(1 + f) = 2 artanh s = f - s (f - 2 s^2 (1/3 + s^2/5 + ...)).
INLINE REAL NAME(log1p_unit)(REAL f) {
  static const REAL coefficients[] = {
      (REAL)(2.0 / 3),  (REAL)(2.0 / 5),  (REAL)(2.0 / 7),  (REAL)(2.0 / 9),
      (REAL)(2.0 / 11), (REAL)(2.0 / 13), (REAL)(2.0 / 15), (REAL)(2.0 / 17),
      (REAL)(2.0 / 19), (REAL)(2.0 / 21), (REAL)(2.0 / 23), (REAL)(2.0 / 25),
      (REAL)(2.0 / 27), (REAL)(2.0 / 29), (REAL)(2.0 / 31), (REAL)(2.0 / 33)};
  REAL s = f / (2 + f), square = s * s;
  return f - s * (f - square * NAME(polynomial)(coefficients, LOG1P_TERMS, square));
}

// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
INLINE REAL NAME(soft_plus)(REAL x) {
  return NAME(at_least)(x, 0) + NAME(log1p_unit)(NAME(exponential)(-NAME(absolute)(x)));
}

// Below 1 the Taylor series of erf. Above, erf |x| = 1 - exp(-x^2) erfcx |x|, where erfcx(a) is a polynomial
// in t = 14.4 / (a + 3) - 2.6, which maps [1, 6] to [-1, 1]: the interpolant at the zeros of the Chebyshev
// polynomial of the next degree, computed to 60 digits.
INLINE REAL NAME(error_function)(REAL x) {
  const double c = 1.1283791670955125739;  // 2 / sqrt(pi)
  static const REAL series[] = {
      (REAL)(-c / 3),
      (REAL)(c / 10),
      (REAL)(-c / 42),
      (REAL)(c / 216),
      (REAL)(-c / 1320),
      (REAL)(c / 9360),
      (REAL)(-c / 75600),
      (REAL)(c / 685440),
      (REAL)(-c / 6894720),
      (REAL)(c / 76204800),
      (REAL)(-c / 918086400),
      (REAL)(c / 11975040000),
      (REAL)(-c / 168129561600),
      (REAL)(c / 2528170444800),
      (REAL)(-c / 40537905408000),
      (REAL)(c / 690452066304000),
      (REAL)(-c / 12449059983360000),
      (REAL)(c / 236887827111936000)};
  static const REAL scaled[] = ERFCX_COEFFICIENTS;
  REAL a = NAME(at_most)(NAME(absolute)(x), ERF_LIMIT), square = a * a;
  REAL small = (square * NAME(polynomial)(series, ERF_TERMS, square) + (REAL)(c - 1)) * a + a;
  REAL t = (REAL)14.4 / (a + 3) - (REAL)2.6;
  REAL tail = NAME(exponential)(-square) * NAME(polynomial)(scaled, sizeof(scaled) / sizeof(REAL), t);
  return NAME(with_sign)(a < 1 ? small : 1 - tail, x);
}
