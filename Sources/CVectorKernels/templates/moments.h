// Steps of optimizers. Coefficients come in double and are rounded to REAL once.

static void NAME(mix)(const void *left, double left_factor, const void *right, double right_factor,
                      void *result, ptrdiff_t count) {
  const REAL *xs = left, *ys = right, a = (REAL)left_factor, b = (REAL)right_factor;
  REAL *zs = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) zs[i] = a * xs[i] + b * ys[i];
}

static void NAME(average_square)(const void *operand, double decay, double weight, void *average,
                                 ptrdiff_t count) {
  const REAL *xs = operand, a = (REAL)decay, b = (REAL)weight;
  REAL *nus = average;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) nus[i] = a * nus[i] + b * (xs[i] * xs[i]);
}

static void NAME(inverse_roots)(const void *operand, void *result, ptrdiff_t count) {
  const REAL *xs = operand;
  REAL *ys = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++)
    ys[i] = xs[i] == 0 ? 0 : 1 / __builtin_elementwise_sqrt(xs[i]);
}

// numerator / scale; 0 where the scale is 0 and the numerator a number: nothing was accumulated there.
INLINE REAL NAME(scaled)(REAL numerator, REAL scale) {
  return scale == 0 ? numerator * 0 : numerator / scale;
}

INLINE REAL NAME(root_scale)(REAL nu, REAL correction, REAL epsilon, REAL factor) {
  return factor * (__builtin_elementwise_sqrt(correction * nu) + epsilon);
}

static void NAME(root_scales)(const void *average, double correction, double epsilon, double factor,
                              void *result, ptrdiff_t count) {
  const REAL *nus = average, c = (REAL)correction, e = (REAL)epsilon, f = (REAL)factor;
  REAL *ys = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) ys[i] = NAME(root_scale)(nus[i], c, e, f);
}

static void NAME(root_scaled_step)(const void *direction, double amount, const void *average,
                                   double correction, double epsilon, double factor, void *weights,
                                   ptrdiff_t count) {
  const REAL *xs = direction, *nus = average;
  const REAL a = (REAL)amount, c = (REAL)correction, e = (REAL)epsilon, f = (REAL)factor;
  REAL *ws = weights;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++)
    ws[i] = ws[i] - NAME(scaled)(a * xs[i], NAME(root_scale)(nus[i], c, e, f));
}
