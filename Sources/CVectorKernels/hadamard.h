// The Walsh-Hadamard transform of VK_SKETCH numbers, without its factor.
#pragma once

#include "CVectorKernels.h"
#include "inline.h"

// The number with its sign changed where the lowest bit is 1.
INLINE double vk_signed(double x, uint64_t bit) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits ^= bit << 63;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Two levels of butterflies at once, between elements `half` apart.
INLINE void vk_butterflies(double *xs, ptrdiff_t half) {
  for (ptrdiff_t start = 0; start < VK_SKETCH; start += 4 * half) {
    double *a = xs + start, *b = a + half, *c = b + half, *d = c + half;
    _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < half; i++) {
      const double first = a[i] + b[i], second = a[i] - b[i], third = c[i] + d[i], fourth = c[i] - d[i];
      a[i] = first + third;
      b[i] = second + fourth;
      c[i] = first - third;
      d[i] = second - fourth;
    }
  }
}

INLINE void vk_hadamard(double *xs) {
  _Static_assert(VK_SKETCH == 2 << 12, "one level of pairs, then six times two");
  for (ptrdiff_t i = 0; i < VK_SKETCH; i += 2) {
    const double left = xs[i], right = xs[i + 1];
    xs[i] = left + right;
    xs[i + 1] = left - right;
  }
  for (ptrdiff_t half = 2; half < VK_SKETCH; half *= 4) vk_butterflies(xs, half);
}
