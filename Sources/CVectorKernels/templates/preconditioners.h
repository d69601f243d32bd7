// Diagonal preconditioners other than the root of one average of squares (see moments.h).

INLINE REAL NAME(power_scale)(REAL nu, double exponent, REAL correction, REAL epsilon, REAL factor) {
  return factor * ((REAL)vk_portable_pow(correction * nu, exponent) + epsilon);
}

static void NAME(power_scales)(const void *average, double exponent, double correction, double epsilon,
                               double factor, void *result, ptrdiff_t count) {
  const REAL *nus = average, c = (REAL)correction, e = (REAL)epsilon, f = (REAL)factor;
  REAL *ys = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) ys[i] = NAME(power_scale)(nus[i], exponent, c, e, f);
}

static void NAME(ratio_scales)(const void *numerator, const void *denominator, double epsilon,
                               void *result, ptrdiff_t count) {
  const REAL *xs = numerator, *ys = denominator, e = (REAL)epsilon;
  REAL *zs = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++)
    zs[i] = NAME(scaled)(__builtin_elementwise_sqrt(xs[i] + e), __builtin_elementwise_sqrt(ys[i] + e));
}

static void NAME(divided_step)(const void *direction, double amount, const void *scales, void *weights,
                               ptrdiff_t count) {
  const REAL *xs = direction, *ps = scales, a = (REAL)amount;
  REAL *ws = weights;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) ws[i] = ws[i] - NAME(scaled)(a * xs[i], ps[i]);
}

static void NAME(maximum)(const void *operand, void *result, ptrdiff_t count) {
  const REAL *xs = operand;
  REAL *ys = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) ys[i] = xs[i] > ys[i] ? xs[i] : ys[i];
}

// The sums run in double: along rows in order, along columns from the first row to the last.
static void NAME(square_means)(const void *matrix, ptrdiff_t rows, ptrdiff_t columns, double *sums,
                               void *row_means, void *column_means) {
  const REAL *xs = matrix;
  REAL *rs = row_means, *cs = column_means;
  for (ptrdiff_t j = 0; j < columns; j++) sums[j] = 0;
  for (ptrdiff_t i = 0; i < rows; i++, xs += columns) {
    double sum = 0;
    for (ptrdiff_t j = 0; j < columns; j++) sum += (double)xs[j] * xs[j];
    rs[i] = (REAL)(sum / columns);
    PARALLEL_LOOP for (ptrdiff_t j = 0; j < columns; j++) sums[j] += (double)xs[j] * xs[j];
  }
  for (ptrdiff_t j = 0; j < columns; j++) cs[j] = (REAL)(sums[j] / rows);
}

// The product of two tiny moments would vanish in float.
static void NAME(factored_scales)(const void *row_moments, const void *column_moments, double factor,
                                  void *result, ptrdiff_t rows, ptrdiff_t columns) {
  const REAL *rs = row_moments, *cs = column_moments;
  REAL *ys = result;
  for (ptrdiff_t i = 0; i < rows; i++, ys += columns) {
    const double r = factor * rs[i];
    PARALLEL_LOOP for (ptrdiff_t j = 0; j < columns; j++) ys[j] = (REAL)__builtin_elementwise_sqrt(r * cs[j]);
  }
}
