// Pooling over planes. The usual window, 2 x 2 pixels 2 apart, has rows of its own, which are vectorized.

INLINE bool NAME(is_usual)(const vk_pooling *g) {
  return g->window_height == 2 && g->window_width == 2 && g->stride == 2;
}

// Of equal elements the first is the largest, and a NaN exceeds all numbers, so that it is not lost.
#define EXCEEDS(x, largest) (((x) > (largest)) | (((x) != (x)) & ((largest) == (largest))))

// The number of output rows over all planes, and the element of the operand that row number `i` sees first.
#define ROWS_OF(g) ((g)->planes * (g)->output_height)
#define TOP_OF(g, i)                                                                               \
  (((i) / (g)->output_height * (g)->height + (i) % (g)->output_height * (g)->stride) * (g)->width)

INLINE void NAME(average_row)(const vk_pooling *g, const REAL *xs, REAL *ys) {
  const REAL share = (REAL)1 / (g->window_height * g->window_width);
  for (ptrdiff_t j = 0; j < g->output_width; j++) {
    REAL sum = 0;
    for (ptrdiff_t p = 0; p < g->window_height; p++)
      for (ptrdiff_t q = 0; q < g->window_width; q++) sum += xs[p * g->width + j * g->stride + q];
    ys[j] = sum * share;
  }
}

INLINE void NAME(average_usual_row)(const REAL *xs, const REAL *next, REAL *ys, ptrdiff_t count) {
  PARALLEL_LOOP for (ptrdiff_t j = 0; j < count; j++)
    ys[j] = (xs[2 * j] + xs[2 * j + 1] + next[2 * j] + next[2 * j + 1]) * (REAL)0.25;
}

// [planes, h, w] -> [planes, h', w']
static void NAME(average_pool)(const vk_pooling *g, const void *operand, void *result) {
  const REAL *xs = operand;
  REAL *ys = result;
  const bool usual = NAME(is_usual)(g);
  for (ptrdiff_t i = 0; i < ROWS_OF(g); i++) {
    const ptrdiff_t row = i * g->output_width, top = TOP_OF(g, i);
    if (usual)
      NAME(average_usual_row)(xs + top, xs + top + g->width, ys + row, g->output_width);
    else
      NAME(average_row)(g, xs + top, ys + row);
  }
}

INLINE void NAME(spread_row)(const vk_pooling *g, const REAL *ys, REAL *xs) {
  const REAL share = (REAL)1 / (g->window_height * g->window_width);
  for (ptrdiff_t j = 0; j < g->output_width; j++)
    for (ptrdiff_t p = 0; p < g->window_height; p++)
      for (ptrdiff_t q = 0; q < g->window_width; q++) xs[p * g->width + j * g->stride + q] += ys[j] * share;
}

INLINE void NAME(spread_usual_row)(const REAL *ys, REAL *xs, REAL *next, ptrdiff_t count) {
  PARALLEL_LOOP for (ptrdiff_t j = 0; j < count; j++) {
    xs[2 * j] = xs[2 * j + 1] = ys[j] * (REAL)0.25;
    next[2 * j] = next[2 * j + 1] = ys[j] * (REAL)0.25;
  }
}

// Clears what rows of the usual window leave out, or everything where windows may overlap.
INLINE void NAME(clear)(const vk_pooling *g, REAL *xs) {
  if (NAME(is_usual)(g) && g->height % 2 == 0 && g->width % 2 == 0) return;
  memset(xs, 0, g->planes * g->height * g->width * sizeof(REAL));
}

// [planes, h', w'] -> [planes, h, w]
static void NAME(average_spread)(const vk_pooling *g, const void *operand, void *result) {
  const REAL *ys = operand;
  REAL *xs = result;
  const bool usual = NAME(is_usual)(g);
  NAME(clear)(g, xs);
  for (ptrdiff_t i = 0; i < ROWS_OF(g); i++) {
    const ptrdiff_t row = i * g->output_width, top = TOP_OF(g, i);
    if (usual)
      NAME(spread_usual_row)(ys + row, xs + top, xs + top + g->width, g->output_width);
    else
      NAME(spread_row)(g, ys + row, xs + top);
  }
}

// How far the largest element that a window sees is from its corner.
INLINE ptrdiff_t NAME(place_of_maximum)(const vk_pooling *g, const REAL *corner) {
  ptrdiff_t place = 0;
  for (ptrdiff_t p = 0; p < g->window_height; p++)
    for (ptrdiff_t q = 0; q < g->window_width; q++)
      if (EXCEEDS(corner[p * g->width + q], corner[place])) place = p * g->width + q;
  return place;
}

INLINE void NAME(pick_usual_row)(const REAL *xs, const REAL *ts, REAL *ys, ptrdiff_t width, ptrdiff_t count) {
  PARALLEL_LOOP for (ptrdiff_t j = 0; j < count; j++) {
    const REAL a = xs[2 * j], b = xs[2 * j + 1], c = xs[width + 2 * j], d = xs[width + 2 * j + 1];
    const bool right = EXCEEDS(b, a), lower_right = EXCEEDS(d, c);
    const REAL upper = right ? b : a, lower = lower_right ? d : c;
    const REAL upper_picked = right ? ts[2 * j + 1] : ts[2 * j];
    const REAL lower_picked = lower_right ? ts[width + 2 * j + 1] : ts[width + 2 * j];
    ys[j] = EXCEEDS(lower, upper) ? lower_picked : upper_picked;
  }
}

// places [planes, h, w], operand [planes, h, w] -> [planes, h', w']; the operand may be `places` itself.
static void NAME(pick_maxima)(const vk_pooling *g, const void *places, const void *operand, void *result) {
  const REAL *xs = places, *ts = operand;
  REAL *ys = result;
  const bool usual = NAME(is_usual)(g);
  for (ptrdiff_t i = 0; i < ROWS_OF(g); i++) {
    const ptrdiff_t row = i * g->output_width, top = TOP_OF(g, i);
    if (usual)
      NAME(pick_usual_row)(xs + top, ts + top, ys + row, g->width, g->output_width);
    else
      for (ptrdiff_t j = 0; j < g->output_width; j++) {
        const ptrdiff_t corner = top + j * g->stride;
        ys[row + j] = ts[corner + NAME(place_of_maximum)(g, xs + corner)];
      }
  }
}

INLINE void NAME(scatter_usual_row)(const REAL *xs, const REAL *ys, REAL *ts, ptrdiff_t width, ptrdiff_t count) {
  PARALLEL_LOOP for (ptrdiff_t j = 0; j < count; j++) {
    const REAL a = xs[2 * j], b = xs[2 * j + 1], c = xs[width + 2 * j], d = xs[width + 2 * j + 1];
    const bool right = EXCEEDS(b, a), lower_right = EXCEEDS(d, c);
    const REAL upper = right ? b : a, lower = lower_right ? d : c;
    const bool is_lower = EXCEEDS(lower, upper);
    const REAL above = is_lower ? 0 : ys[j], below = is_lower ? ys[j] : 0;
    ts[2 * j] = right ? 0 : above;
    ts[2 * j + 1] = right ? above : 0;
    ts[width + 2 * j] = lower_right ? 0 : below;
    ts[width + 2 * j + 1] = lower_right ? below : 0;
  }
}

// places [planes, h, w], operand [planes, h', w'] -> [planes, h, w]
static void NAME(scatter_to_maxima)(const vk_pooling *g, const void *places, const void *operand,
                                    void *result) {
  const REAL *xs = places, *ys = operand;
  REAL *ts = result;
  const bool usual = NAME(is_usual)(g);
  NAME(clear)(g, ts);
  for (ptrdiff_t i = 0; i < ROWS_OF(g); i++) {
    const ptrdiff_t row = i * g->output_width, top = TOP_OF(g, i);
    if (usual)
      NAME(scatter_usual_row)(xs + top, ys + row, ts + top, g->width, g->output_width);
    else
      for (ptrdiff_t j = 0; j < g->output_width; j++) {
        const ptrdiff_t corner = top + j * g->stride;
        ts[corner + NAME(place_of_maximum)(g, xs + corner)] += ys[row + j];
      }
  }
}
