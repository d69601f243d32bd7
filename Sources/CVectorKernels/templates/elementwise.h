// Loops over elements. Result and operands may be the same memory; they must not overlap otherwise.

#define PARALLEL_LOOP _Pragma("clang loop vectorize(assume_safety) interleave(enable)")

#define MAP(name, expression)                                                                      \
  static void NAME(name)(const void *operand, void *result, double first, double second,           \
                         ptrdiff_t count) {                                                        \
    const REAL *xs = operand;                                                                      \
    REAL *ys = result;                                                                             \
    const REAL a = (REAL)first, b = (REAL)second;                                                  \
    (void)a, (void)b;                                                                              \
    PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) {                                          \
      const REAL x = xs[i];                                                                        \
      ys[i] = expression;                                                                          \
    }                                                                                              \
  }

MAP(tanh, NAME(hyperbolic_tangent)(x))
MAP(exp, NAME(exponential)(x))
MAP(log1p, (REAL)vk_portable_log1p(x))
MAP(reciprocal, 1 / x)
MAP(expm1, NAME(exponential_minus_one)(x))
MAP(erf, NAME(error_function)(x))
MAP(sigmoid, NAME(logistic)(x))
MAP(softplus, NAME(soft_plus)(x))
MAP(clamp, NAME(at_most)(NAME(at_least)(x, a), b))
MAP(within, (REAL)((x > a) & (x < b)))
MAP(scale, x * a)
MAP(offset, x + a)

// `right` holds one value per element, per row or per column of the result, or one for all: see the header.
#define BINARY(name, operator)                                                                     \
  INLINE void NAME(name##_run)(const REAL *xs, const REAL *ys, REAL *zs, ptrdiff_t count) { \
    PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) zs[i] = xs[i] operator ys[i];              \
  }                                                                                                \
  INLINE void NAME(name##_one)(const REAL *xs, REAL y, REAL *zs, ptrdiff_t count) {         \
    PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) zs[i] = xs[i] operator y;                  \
  }                                                                                                \
  static void NAME(name)(const void *left, const void *right, void *result,                        \
                         ptrdiff_t count) {                                                        \
    NAME(name##_run)(left, right, result, count);                                                  \
  }                                                                                                \
  static void NAME(name##_row)(const void *left, const void *right, void *result,                  \
                               ptrdiff_t rows, ptrdiff_t columns) {                                \
    for (ptrdiff_t i = 0; i < rows; i++)                                                           \
      NAME(name##_run)((const REAL *)left + i * columns, right, (REAL *)result + i * columns,      \
                       columns);                                                                   \
  }                                                                                                \
  static void NAME(name##_column)(const void *left, const void *right, void *result,               \
                                  ptrdiff_t rows, ptrdiff_t columns) {                             \
    for (ptrdiff_t i = 0; i < rows; i++)                                                           \
      NAME(name##_one)((const REAL *)left + i * columns, ((const REAL *)right)[i],                 \
                       (REAL *)result + i * columns, columns);                                     \
  }

BINARY(add, +)
BINARY(subtract, -)
BINARY(multiply, *)

static void NAME(add_scaled)(const void *operand, double scale, void *result, ptrdiff_t count) {
  const REAL *xs = operand, a = (REAL)scale;
  REAL *ys = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) ys[i] = a * xs[i] + ys[i];
}

static void NAME(fill)(double value, void *result, ptrdiff_t count) {
  REAL *ys = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) ys[i] = (REAL)value;
}

// result[outer, middle, inner] = operand[outer, inner]
static void NAME(broadcast)(const void *operand, void *result, ptrdiff_t outer, ptrdiff_t middle,
                            ptrdiff_t inner) {
  const REAL *xs = operand;
  REAL *ys = result;
  for (ptrdiff_t o = 0; o < outer; o++, xs += inner) {
    if (inner == 1) {
      PARALLEL_LOOP for (ptrdiff_t i = 0; i < middle; i++) ys[i] = *xs;
      ys += middle;
    } else {
      for (ptrdiff_t m = 0; m < middle; m++, ys += inner) memcpy(ys, xs, inner * sizeof(REAL));
    }
  }
}
