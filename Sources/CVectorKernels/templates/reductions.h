// Sums, accumulated in double whatever the scalar type, in an order that depends on the lengths only.

#define LANES 16
typedef double NAME(lanes) __attribute__((ext_vector_type(LANES)));
typedef REAL NAME(packed) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

#define WIDEN(pointer) __builtin_convertvector(*(const NAME(packed) *)(pointer), NAME(lanes))

// Copies 0 to LANES elements, from both ends in pieces of one length: a call of memcpy would cost more than it copies.
INLINE void NAME(copy_some)(REAL *result, const REAL *xs, ptrdiff_t count) {
#define FROM_BOTH_ENDS(length)                                                            \
  if (count >= length) {                                                                  \
    memcpy(result, xs, length * sizeof(REAL));                                            \
    memcpy(result + count - length, xs + count - length, length * sizeof(REAL));          \
    return;                                                                               \
  }
  FROM_BOTH_ENDS(8) FROM_BOTH_ENDS(4) FROM_BOTH_ENDS(2) FROM_BOTH_ENDS(1)
#undef FROM_BOTH_ENDS
}

// `count` elements, of which there may be none, and zeros behind them.
INLINE NAME(lanes) NAME(rest_of)(const REAL *xs, ptrdiff_t count) {
  REAL rest[LANES] = {0};
  NAME(copy_some)(rest, xs, count);
  return WIDEN(rest);
}

// The same where enough elements follow for all lanes to be read.
INLINE NAME(lanes) NAME(first_of)(const REAL *xs, ptrdiff_t count) {
  NAME(lanes) place;
  UNROLLED for (int i = 0; i < LANES; i++) place[i] = i;
  return place < (double)count ? WIDEN(xs) : (NAME(lanes))0;
}

INLINE double NAME(total)(NAME(lanes) values) {
  const __typeof__(values.lo) eight = values.lo + values.hi;
  const __typeof__(eight.lo) four = eight.lo + eight.hi;
  const __typeof__(four.lo) two = four.lo + four.hi;
  return two.lo + two.hi;
}

// The scalar product of two runs whose last, incomplete groups of lanes are given.
INLINE double NAME(dot_of)(const REAL *xs, const REAL *ys, ptrdiff_t count, NAME(lanes) x_rest, NAME(lanes) y_rest) {
  NAME(lanes) even = 0, odd = 0;
  ptrdiff_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    even += WIDEN(xs + i) * WIDEN(ys + i);
    odd += WIDEN(xs + i + LANES) * WIDEN(ys + i + LANES);
  }
  if (i + LANES <= count) even += WIDEN(xs + i) * WIDEN(ys + i);
  if (count % LANES > 0) even += x_rest * y_rest;
  return NAME(total)(even + odd);
}

INLINE double NAME(dot_run)(const REAL *xs, const REAL *ys, ptrdiff_t count) {
  const ptrdiff_t rest = count % LANES, whole = count - rest;
  return NAME(dot_of)(xs, ys, count, NAME(rest_of)(xs + whole, rest), NAME(rest_of)(ys + whole, rest));
}

INLINE double NAME(sum_run)(const REAL *xs, ptrdiff_t count) {
  NAME(lanes) even = 0, odd = 0;
  ptrdiff_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    even += WIDEN(xs + i);
    odd += WIDEN(xs + i + LANES);
  }
  if (i + LANES <= count) even += WIDEN(xs + i), i += LANES;
  if (i < count) even += NAME(rest_of)(xs + i, count - i);
  return NAME(total)(even + odd);
}

static bool NAME(is_finite)(const void *operand, ptrdiff_t count) {
  const REAL *xs = operand;
  int found = 0;
  for (ptrdiff_t i = 0; i < count; i++) found |= !(NAME(absolute)(xs[i]) <= LARGEST);
  return !found;
}

typedef double NAME(four) __attribute__((ext_vector_type(4)));
typedef REAL NAME(packed_four) __attribute__((ext_vector_type(4), aligned(sizeof(REAL))));

// The sums of the columns that vectors of `width` hold, as many as there are from column i on.
#define SUM_COLUMNS(width, wide, narrow)                                                   \
  for (; i + width <= inner; i += width) {                                                 \
    wide sums = 0;                                                                         \
    for (ptrdiff_t m = 0; m < middle; m++)                                                 \
      sums += __builtin_convertvector(*(const narrow *)(xs + m * inner + i), wide);        \
    *(narrow *)(ys + i) = __builtin_convertvector(sums, narrow);                           \
  }

// The sums of `inner` neighbouring columns over `middle` rows.
INLINE void NAME(sum_columns)(const REAL *xs, REAL *ys, ptrdiff_t middle, ptrdiff_t inner) {
  ptrdiff_t i = 0;
  SUM_COLUMNS(LANES, NAME(lanes), NAME(packed))
  SUM_COLUMNS(4, NAME(four), NAME(packed_four))
  for (; i < inner; i++) {
    double sum = 0;
    for (ptrdiff_t m = 0; m < middle; m++) sum += xs[m * inner + i];
    ys[i] = (REAL)sum;
  }
}
#undef SUM_COLUMNS

// The sums of rows of at most LANES elements, with the bits of sum_run: where more elements follow, all lanes are read
// and those behind the row made 0.
INLINE void NAME(sum_short_rows)(const REAL *xs, REAL *ys, ptrdiff_t rows, ptrdiff_t columns) {
  const ptrdiff_t whole = NAME(readable_rows)(rows, columns, 0, LANES);
  for (ptrdiff_t i = 0; i < whole; i++)
    ys[i] = (REAL)NAME(total)(NAME(first_of)(xs + i * columns, columns) + 0);
  for (ptrdiff_t i = whole; i < rows; i++) ys[i] = (REAL)NAME(sum_run)(xs + i * columns, columns);
}

// result[outer, inner] = sum over middle of operand[outer, middle, inner]
static void NAME(sum)(const void *operand, void *result, ptrdiff_t outer, ptrdiff_t middle,
                      ptrdiff_t inner) {
  const REAL *xs = operand;
  REAL *ys = result;
  if (inner == 1 && middle <= LANES) return NAME(sum_short_rows)(xs, ys, outer, middle);
  for (ptrdiff_t o = 0; o < outer; o++, xs += middle * inner, ys += inner) {
    if (inner == 1)
      *ys = (REAL)NAME(sum_run)(xs, middle);
    else
      NAME(sum_columns)(xs, ys, middle, inner);
  }
}

// A piece of the sum over columns: sums[column] += operand[row, column], row by row, so that the order is that
// of the whole sum.
static void NAME(accumulate_rows)(const void *operand, double *sums, ptrdiff_t rows,
                                  ptrdiff_t columns) {
  const REAL *xs = operand;
  ptrdiff_t i = 0;
  for (; i + LANES <= columns; i += LANES) {
    typedef double unaligned __attribute__((ext_vector_type(LANES), aligned(sizeof(double))));
    NAME(lanes) total = *(const unaligned *)(sums + i);
    for (ptrdiff_t m = 0; m < rows; m++) total += WIDEN(xs + m * columns + i);
    *(unaligned *)(sums + i) = total;
  }
  for (; i < columns; i++) {
    double total = sums[i];
    for (ptrdiff_t m = 0; m < rows; m++) total += xs[m * columns + i];
    sums[i] = total;
  }
}

static void NAME(round)(const double *operand, void *result, ptrdiff_t count) {
  REAL *ys = result;
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < count; i++) ys[i] = (REAL)operand[i];
}
