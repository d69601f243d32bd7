// Elementary functions of double with the same bits at every level and on every machine: nothing is fused here, and the C
// library is not asked. No branches, so that loops over them become vector code.
#pragma once

#include "CVectorKernels.h"
#include "inline.h"

#pragma clang fp contract(off)

INLINE double vk_of_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

INLINE uint64_t vk_bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

// A number as a sum of two, the second far below the first: Dekker (1971), "A floating-point technique for extending the
// available precision".
typedef struct {
  double high, low;
} vk_pair;

INLINE vk_pair vk_sum_pair(double a, double b) {
  const double sum = a + b, other = sum - a;
  return (vk_pair){sum, (a - (sum - other)) + (b - other)};
}

INLINE vk_pair vk_halves(double x) {
  const double scaled = 134217729 * x, high = scaled - (scaled - x);
  return (vk_pair){high, x - high};
}

INLINE vk_pair vk_product_pair(double a, double b) {
  const double product = a * b;
  const vk_pair x = vk_halves(a), y = vk_halves(b);
  return (vk_pair){product, ((x.high * y.high - product) + x.high * y.low + x.low * y.high) + x.low * y.low};
}

INLINE vk_pair vk_multiply_pairs(vk_pair a, vk_pair b) {
  const vk_pair product = vk_product_pair(a.high, b.high);
  return vk_sum_pair(product.high, product.low + (a.high * b.low + a.low * b.high));
}

INLINE double vk_series(const double *coefficients, int count, double x) {
  double sum = coefficients[count - 1];
  for (int k = count - 2; k >= 0; k--) sum = sum * x + coefficients[k];
  return sum;
}

// ln 2: the upper part has 21 zero bits at its end, so that its product with an exponent is exact.
#define VK_LN2_HIGH 0x1.62e42feep-1
#define VK_LN2_LOW 1.9082149292705877000e-10

// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for finite x > 0: returns f.
INLINE double vk_fraction(double x, double *k) {
  const bool tiny = x < 0x1p-1022;
  const uint64_t root = 0x3fe6a09e667f3bcd;
  const uint64_t bits = vk_bits_of(tiny ? x * 0x1p54 : x) + (0x3ff0000000000000 - root);
  *k = (double)((int32_t)(bits >> 52) - 0x3ff - (tiny ? 54 : 0));
  return vk_of_bits((bits & 0x000fffffffffffff) + root) - 1;
}

// 2/3, 2/5, ...: with s = f / (2 + f), log(1 + f) = 2 artanh s = 2 s + s^3 (2/3 + 2/5 s^2 + ...).
static const double vk_artanh[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                                   2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};

// k ln 2 + log(1 + f) + c for a tiny c: f - f^2/2 + s (f^2/2 + s^2 (2/3 + ...)), the large terms last.
INLINE double vk_log_sum(double k, double f, double c) {
  const double s = f / (2 + f), square = s * s, half = 0.5 * f * f;
  const double rest = s * (half + square * vk_series(vk_artanh, 11, square));
  return k * VK_LN2_HIGH - ((half - (rest + (k * VK_LN2_LOW + c))) - f);
}

INLINE double vk_portable_log(double x) {
  double k;
  const double f = vk_fraction(x, &k), y = vk_log_sum(k, f, 0);
  return x > 0 && x < INFINITY ? y : x == 0 ? -INFINITY : x > 0 ? x : NAN;
}

// Where x is not small, c is what 1 + x loses to rounding.
INLINE double vk_portable_log1p(double x) {
  const bool small = x > -0.29 && x < 0.41;
  const double sum = 1 + x;
  double k;
  const double f = vk_fraction(sum, &k), lost = k >= 1 ? 1 - (sum - x) : x - (sum - 1);
  const double y = vk_log_sum(small ? 0 : k, small ? x : f, small ? 0 : lost / sum);
  return x > -1 && x < INFINITY ? y : x == -1 ? -INFINITY : x > 0 ? x : NAN;
}

// log x for finite x > 0 to about 20 digits. All but the first two terms of the series are below 2^-12 of it.
INLINE vk_pair vk_long_log(double x) {
  double k;
  const double f = vk_fraction(x, &k);
  const vk_pair divisor = vk_sum_pair(2, f);
  const double quotient = f / divisor.high;
  const vk_pair back = vk_product_pair(quotient, divisor.high);
  const vk_pair s = {quotient, (((f - back.high) - back.low) - quotient * divisor.low) / divisor.high};
  const vk_pair square = vk_multiply_pairs(s, s);
  const vk_pair second = vk_multiply_pairs(square, (vk_pair){2.0 / 3, 0x1.5555555555555p-55});
  const vk_pair sum = vk_sum_pair(2, second.high);
  const double rest = square.high * square.high * vk_series(vk_artanh + 1, 10, square.high);
  const vk_pair y = vk_multiply_pairs(s, vk_sum_pair(sum.high, sum.low + (second.low + rest)));
  const vk_pair whole = vk_sum_pair(k * VK_LN2_HIGH, y.high);
  return vk_sum_pair(whole.high, whole.low + (y.low + k * VK_LN2_LOW));
}

// 2^k for an integer k that is the exponent of a normal number.
INLINE double vk_two_to(double k) { return vk_of_bits((vk_bits_of(k + 0x1.8p52) << 52) + vk_bits_of(1.0)); }

// exp(x.high + x.low), in the range of results that are neither 0 nor infinite.
INLINE double vk_long_exp(vk_pair x) {
  static const double inverse_factorials[] = {
      1.0 / 2,       1.0 / 6,        1.0 / 24,        1.0 / 120,       1.0 / 720,        1.0 / 5040,
      1.0 / 40320,   1.0 / 362880,   1.0 / 3628800,   1.0 / 39916800,  1.0 / 479001600,  1.0 / 6227020800};
  const double k = (x.high * 1.4426950408889634074 + 0x1.8p52) - 0x1.8p52;
  const vk_pair r = vk_sum_pair(x.high - k * VK_LN2_HIGH, -k * VK_LN2_LOW);
  const double rest = r.high * r.high * vk_series(inverse_factorials, 12, r.high);
  const double low = (r.low + x.low) * (1 + (r.high + rest));
  const vk_pair sum = vk_sum_pair(r.high, rest), whole = vk_sum_pair(1, sum.high);
  const double half = (k / 2 + 0x1.8p52) - 0x1.8p52;
  return (whole.high + (whole.low + (sum.low + low))) * vk_two_to(half) * vk_two_to(k - half);
}

// x^y for x >= 0; NaN for x < 0.
INLINE double vk_portable_pow(double x, double y) {
  const double limit = 1e19, bounded = y > limit ? limit : y < -limit ? -limit : y;
  const vk_pair logarithm = vk_long_log(x), product = vk_product_pair(logarithm.high, bounded);
  const vk_pair exponent = {product.high, product.low + logarithm.low * bounded};
  const bool above = exponent.high > 709.8, below = exponent.high < -746;
  const double inside = vk_long_exp((vk_pair){above || below ? 0 : exponent.high, above || below ? 0 : exponent.low});
  const double finite = above ? INFINITY : below ? 0 : inside;
  const double edge = (x == 0) == (y > 0) ? 0 : INFINITY;  // of 0 and infinity
  const double result = x > 0 && x < INFINITY ? finite : x == 0 || x > 0 ? edge : NAN;
  return y == 0 || x == 1 ? 1 : y != y ? y : result;
}

// The cosine and the sine of `turns` whole turns, of less than 2^50 in number. Multiples of quarters are exact.
INLINE void vk_portable_turn(double turns, double *cosine, double *sine) {
  static const double sines[] = {-1.0 / 6,        1.0 / 120,        -1.0 / 5040,         1.0 / 362880,
                                 -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000, 1.0 / 355687428096000};
  static const double cosines[] = {1.0 / 24,        -1.0 / 720,        1.0 / 40320,         -1.0 / 3628800,
                                   1.0 / 479001600, -1.0 / 87178291200, 1.0 / 20922789888000};
  const double shifted = 4 * turns + 0x1.8p52, quarters = shifted - 0x1.8p52, rest = turns - quarters / 4;
  const vk_pair product = vk_product_pair(6.283185307179586, rest);
  const double x = product.high, low = product.low + 2.4492935982947064e-16 * rest, z = x * x;
  const double s = x + (x * z * vk_series(sines, 8, z) + low);
  const double half = z / 2, w = 1 - half;
  const double c = w + (((1 - w) - half) + (z * z * vk_series(cosines, 7, z) - x * low));
  const uint64_t quarter = vk_bits_of(shifted) & 3;
  const double along = quarter & 1 ? s : c, across = quarter & 1 ? c : s;
  *cosine = quarter == 1 || quarter == 2 ? -along : along;
  *sine = quarter >= 2 ? -across : across;
}

// Box and Muller: two normal numbers of the two words of every block. See Philox.swift.
INLINE void vk_normal_pairs(const uint64_t *bits, double *numbers, ptrdiff_t blocks) {
  _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < blocks; i++) {
    const double u = (double)(int64_t)(bits[2 * i] >> 11) * 0x1p-53;
    const double v = (double)(int64_t)(bits[2 * i + 1] >> 11) * 0x1p-53;
    const double radius = __builtin_elementwise_sqrt(-2 * vk_portable_log(1 - u));
    double cosine, sine;
    vk_portable_turn(v, &cosine, &sine);
    numbers[2 * i] = radius * cosine;
    numbers[2 * i + 1] = radius * sine;
  }
}

#pragma clang fp contract(on)
