// Convolution and its adjoints, image by image.
//
// Each image is first laid out in scratch memory with its zeros around it, so that what a window pixel `k` = (channel,
// row, column) sees from all output positions is the same array, shifted by `offsets[k]`. With a stride, pixels that
// no single window pixel sees together lie in different planes ("phases").

// Numbers by which weights are packed. A tile of sums that stays in registers is so many of them times two vectors, on
// CPUs with fewer registers half of them times one. Either way every sum has the same order.
#define ROWS 8
#define COLUMNS 2
#define TILED(name, ...)                                                                           \
  if (MANY_REGISTERS)                                                                              \
    NAME(name)(__VA_ARGS__, ROWS, COLUMNS);                                                        \
  else                                                                                             \
    NAME(name)(__VA_ARGS__, ROWS / 2, COLUMNS / 2);

// One convolution with all zeros around and all phases.
typedef struct {
  ptrdiff_t channels, results, taps;  // of the image, of the result, and window pixels over all channels
  ptrdiff_t height, width;            // positions
  ptrdiff_t row, plane;               // elements of a padded row, and of a padded plane of one phase
  ptrdiff_t image;                    // elements of a padded image
  ptrdiff_t result_stride;            // results, rounded up to whole vectors
} NAME(layout);

INLINE NAME(layout) NAME(lay_out)(ptrdiff_t channels, ptrdiff_t results, ptrdiff_t height, ptrdiff_t width,
                                  ptrdiff_t window_height, ptrdiff_t window_width, ptrdiff_t stride) {
  NAME(layout) l;
  l.channels = channels, l.results = results, l.taps = channels * window_height * window_width;
  l.height = height, l.width = width;
  l.row = width + (window_width - 1) / stride;
  l.plane = l.row * (height + (window_height - 1) / stride);
  // Vectors read past the end.
  l.image = ROUND_UP(l.plane * stride * stride * channels, WIDTH) + 2 * WIDTH;
  l.result_stride = ROUND_UP(results, WIDTH);
  return l;
}

INLINE void NAME(make_offsets)(NAME(layout) l, ptrdiff_t window_height, ptrdiff_t window_width, ptrdiff_t stride,
                               ptrdiff_t *offsets) {
  for (ptrdiff_t c = 0; c < l.channels; c++)
    for (ptrdiff_t p = 0; p < window_height; p++)
      for (ptrdiff_t q = 0; q < window_width; q++) {
        const ptrdiff_t phase = (c * stride + p % stride) * stride + q % stride;
        *offsets++ = phase * l.plane + p / stride * l.row + q / stride;
      }
}

// Lays out an image; the zeros around it are there already.
INLINE void NAME(pad)(NAME(layout) l, const REAL *xs, ptrdiff_t height, ptrdiff_t width, ptrdiff_t stride,
                      ptrdiff_t padding, REAL *padded) {
  for (ptrdiff_t c = 0; c < l.channels; c++)
    for (ptrdiff_t i = 0; i < height; i++, xs += width) {
      const ptrdiff_t row = i + padding;
      REAL *plane = padded + (c * stride + row % stride) * stride * l.plane + row / stride * l.row;
      if (row / stride >= l.plane / l.row) continue;
      if (stride == 1)
        memcpy(plane + padding, xs, width * sizeof(REAL));
      else
        for (ptrdiff_t j = 0; j < width; j++) {
          const ptrdiff_t column = j + padding;
          if (column / stride < l.row) plane[column % stride * l.plane + column / stride] = xs[j];
        }
    }
}

// sums[r, v] = sum over taps of weights[tap, r] * padded[starts[v] + offsets[tap]]
INLINE void NAME(correlate_tile)(const REAL *padded, const ptrdiff_t *offsets, const REAL *weights, ptrdiff_t taps,
                                 const ptrdiff_t *starts, const int rows, const int columns, NAME(vector) *sums) {
  UNROLLED for (int i = 0; i < rows * columns; i++) sums[i] = 0;
  for (ptrdiff_t k = 0; k < taps; k++, weights += ROWS)
    UNROLLED for (int v = 0; v < columns; v++) {
      const NAME(vector) x = LOAD(padded + offsets[k] + starts[v]);
      UNROLLED for (int r = 0; r < rows; r++) sums[r * columns + v] = weights[r] * x + sums[r * columns + v];
    }
}

// Stores one vector of a plane, of which only the first elements may belong to its row. The rest is written over by
// the next rows; at the end of the plane it is left out.
INLINE void NAME(store_in_row)(NAME(layout) l, REAL *plane, ptrdiff_t row, ptrdiff_t column,
                               const NAME(vector) *value) {
  const ptrdiff_t start = row * l.width + column, count = l.width - column;
  if (start + WIDTH <= l.height * l.width)
    STORE(plane + start, *value);
  else
    memcpy(plane + start, value, (count < WIDTH ? count : WIDTH) * sizeof(REAL));
}

// All results of one image; weights are [results / ROWS, taps, ROWS].
INLINE void NAME(correlate)(NAME(layout) l, const REAL *padded, const ptrdiff_t *offsets, const REAL *weights,
                            REAL *result, const int rows, const int columns) {
  const ptrdiff_t across = ROUND_UP(l.width, WIDTH) / WIDTH, vectors = l.height * across;
  for (ptrdiff_t v = 0; v < vectors; v += columns) {
    ptrdiff_t row[COLUMNS], column[COLUMNS], starts[COLUMNS];
    for (int i = 0; i < columns; i++) {
      const ptrdiff_t u = v + i < vectors ? v + i : v;  // the last one may be computed twice
      row[i] = u / across, column[i] = u % across * WIDTH;
      starts[i] = row[i] * l.row + column[i];
    }
    for (ptrdiff_t r = 0; r < l.results; r += rows) {
      NAME(vector) sums[ROWS * COLUMNS];
      NAME(correlate_tile)(padded, offsets, weights + r / ROWS * ROWS * l.taps + r % ROWS, l.taps, starts, rows,
                           columns, sums);
      UNROLLED for (int s = 0; s < rows; s++)
        UNROLLED for (int i = 0; i < columns; i++) {
          if (r + s >= l.results) continue;
          NAME(store_in_row)(l, result + (r + s) * l.height * l.width, row[i], column[i], &sums[s * columns + i]);
        }
    }
  }
}

// sums[tap, result] += sum over positions of padded[position + offsets[tap]] * transposed[position, result], for
// `count` taps and `width` results, of which there is room for `rows` and `columns` vectors.
INLINE void NAME(collect_tile)(NAME(layout) l, const REAL *padded, const ptrdiff_t *offsets, const REAL *transposed,
                               double *sums, ptrdiff_t count, ptrdiff_t width, const int rows, const int columns) {
  NAME(vector) parts[ROWS * COLUMNS];
  UNROLLED for (int i = 0; i < rows * columns; i++) parts[i] = 0;
  const REAL *xs[ROWS];
  UNROLLED for (int k = 0; k < rows; k++) xs[k] = padded + offsets[k < count ? k : 0];
  const ptrdiff_t second = width > WIDTH ? WIDTH : 0;
  for (ptrdiff_t i = 0; i < l.height; i++)
    for (ptrdiff_t j = 0; j < l.width; j++, transposed += l.result_stride)
      UNROLLED for (int v = 0; v < columns; v++) {
        const NAME(vector) y = LOAD(transposed + v * second);
        UNROLLED for (int k = 0; k < rows; k++)
          parts[k * columns + v] = xs[k][i * l.row + j] * y + parts[k * columns + v];
      }
  UNROLLED for (int k = 0; k < rows; k++)
    UNROLLED for (int v = 0; v < columns; v++) {
      if (k >= count || v * WIDTH >= width) continue;
      for (int i = 0; i < WIDTH; i++) sums[k * l.result_stride + v * WIDTH + i] += parts[k * columns + v][i];
    }
}

INLINE void NAME(collect)(NAME(layout) l, const REAL *padded, const ptrdiff_t *offsets, const REAL *transposed,
                          double *sums, const int rows, const int columns) {
  for (ptrdiff_t r = 0; r < l.result_stride; r += columns * WIDTH)
    for (ptrdiff_t k = 0; k < l.taps; k += rows)
      NAME(collect_tile)(l, padded, offsets + k, transposed + r, sums + k * l.result_stride + r, l.taps - k,
                         l.result_stride - r, rows, columns);
}

// Scratch memory, in this order, each part starting at a cache line: offsets, the padded image, the packed weights or
// the transposed output, and sums.
typedef struct {
  ptrdiff_t *offsets;
  REAL *padded, *packed;
  double *sums;
} NAME(workspace);

#define CACHE_LINES(bytes) ROUND_UP(bytes, 64)

INLINE NAME(workspace) NAME(work_in)(NAME(layout) l, void *scratch, ptrdiff_t packed_count) {
  NAME(workspace) w;
  char *next = scratch;
  w.offsets = (ptrdiff_t *)next;
  next += CACHE_LINES(l.taps * sizeof *w.offsets);
  w.padded = (REAL *)next;
  next += CACHE_LINES(l.image * sizeof(REAL));
  w.packed = (REAL *)next;
  next += CACHE_LINES(packed_count * sizeof(REAL));
  w.sums = (double *)next;
  return w;
}

INLINE NAME(layout) NAME(forward_layout)(const vk_convolution *g) {
  return NAME(lay_out)(g->inputs, g->outputs, g->output_height, g->output_width, g->window_height, g->window_width,
                       g->stride);
}

INLINE NAME(layout) NAME(backward_layout)(const vk_convolution *g) {
  return NAME(lay_out)(g->outputs, g->inputs, g->height, g->width, g->window_height, g->window_width, 1);
}

INLINE ptrdiff_t NAME(packed_weights)(NAME(layout) l) { return l.taps * ROUND_UP(l.results, ROWS); }

INLINE ptrdiff_t NAME(packed_output)(NAME(layout) l) { return l.height * l.width * l.result_stride; }

// The larger of what the three need.
static ptrdiff_t NAME(convolve_scratch)(const vk_convolution *g) {
  const NAME(layout) forward = NAME(forward_layout)(g), backward = NAME(backward_layout)(g);
  const NAME(workspace) output = NAME(work_in)(forward, NULL, NAME(packed_weights)(forward));
  const NAME(workspace) input = NAME(work_in)(backward, NULL, NAME(packed_weights)(backward));
  NAME(workspace) weight = NAME(work_in)(forward, NULL, NAME(packed_output)(forward));
  weight.sums += forward.taps * forward.result_stride;
  double *end = output.sums > input.sums ? output.sums : input.sums;
  end = weight.sums > end ? weight.sums : end;
  return (ptrdiff_t)end;
}

// [examples, c, h, w] and [o, c, kh, kw] give [examples, o, h', w'].
static void NAME(convolve_output)(const vk_convolution *g, const void *input, const void *weight,
                                  void *output, void *scratch) {
  const NAME(layout) l = NAME(forward_layout)(g);
  const NAME(workspace) w = NAME(work_in)(l, scratch, NAME(packed_weights)(l));
  NAME(make_offsets)(l, g->window_height, g->window_width, g->stride, w.offsets);
  memset(w.padded, 0, l.image * sizeof(REAL));
  for (ptrdiff_t r = 0; r < ROUND_UP(l.results, ROWS); r++)
    for (ptrdiff_t k = 0; k < l.taps; k++)
      w.packed[(r / ROWS * l.taps + k) * ROWS + r % ROWS] =
          r < l.results ? ((const REAL *)weight)[r * l.taps + k] : 0;
  for (ptrdiff_t n = 0; n < g->examples; n++) {
    NAME(pad)(l, (const REAL *)input + n * g->inputs * g->height * g->width, g->height, g->width, g->stride,
              g->padding, w.padded);
    TILED(correlate, l, w.padded, w.offsets, w.packed, (REAL *)output + n * l.results * l.height * l.width)
  }
}

// Lays out an output with `stride - 1` zeros between its pixels: the input adjoint is a plain convolution over it.
INLINE void NAME(dilate)(NAME(layout) l, const vk_convolution *g, const REAL *ys, REAL *padded) {
  const ptrdiff_t rows = l.plane / l.row;
  const ptrdiff_t top = g->window_height - 1 - g->padding, left = g->window_width - 1 - g->padding;
  for (ptrdiff_t o = 0; o < l.channels; o++)
    for (ptrdiff_t i = 0; i < g->output_height; i++, ys += g->output_width) {
      const ptrdiff_t row = i * g->stride + top;
      if (row < 0 || row >= rows) continue;
      REAL *target = padded + o * l.plane + row * l.row;
      for (ptrdiff_t j = 0; j < g->output_width; j++) {
        const ptrdiff_t column = j * g->stride + left;
        if (column >= 0 && column < l.row) target[column] = ys[j];
      }
    }
}

// [o, c, kh, kw] and [examples, o, h', w'] give [examples, c, h, w].
static void NAME(convolve_input)(const vk_convolution *g, const void *weight, const void *output,
                                 void *input, void *scratch) {
  const NAME(layout) l = NAME(backward_layout)(g);
  const NAME(workspace) w = NAME(work_in)(l, scratch, NAME(packed_weights)(l));
  const ptrdiff_t window = g->window_height * g->window_width;
  NAME(make_offsets)(l, g->window_height, g->window_width, 1, w.offsets);
  memset(w.padded, 0, l.image * sizeof(REAL));
  for (ptrdiff_t r = 0; r < ROUND_UP(l.results, ROWS); r++)
    for (ptrdiff_t k = 0; k < l.taps; k++) {
      const ptrdiff_t o = k / window, place = window - 1 - k % window;
      w.packed[(r / ROWS * l.taps + k) * ROWS + r % ROWS] =
          r < l.results ? ((const REAL *)weight)[(o * l.results + r) * window + place] : 0;
    }
  for (ptrdiff_t n = 0; n < g->examples; n++) {
    NAME(dilate)(l, g, (const REAL *)output + n * g->outputs * g->output_height * g->output_width, w.padded);
    TILED(correlate, l, w.padded, w.offsets, w.packed, (REAL *)input + n * l.results * l.height * l.width)
  }
}

// [examples, c, h, w] and [examples, o, h', w'] give [o, c, kh, kw]; images are summed in double.
static void NAME(convolve_weight)(const vk_convolution *g, const void *input, const void *output,
                                  void *weight, void *scratch) {
  const NAME(layout) l = NAME(forward_layout)(g);
  const NAME(workspace) w = NAME(work_in)(l, scratch, NAME(packed_output)(l));
  const ptrdiff_t positions = l.height * l.width;
  NAME(make_offsets)(l, g->window_height, g->window_width, g->stride, w.offsets);
  memset(w.padded, 0, l.image * sizeof(REAL));
  memset(w.packed, 0, NAME(packed_output)(l) * sizeof(REAL));
  memset(w.sums, 0, l.taps * l.result_stride * sizeof(double));
  for (ptrdiff_t n = 0; n < g->examples; n++) {
    NAME(pad)(l, (const REAL *)input + n * g->inputs * g->height * g->width, g->height, g->width, g->stride,
              g->padding, w.padded);
    NAME(transpose)((const REAL *)output + n * l.results * positions, l.results, positions, w.packed,
                    l.result_stride);
    TILED(collect, l, w.padded, w.offsets, w.packed, w.sums)
  }
  for (ptrdiff_t r = 0; r < l.results; r++)
    for (ptrdiff_t k = 0; k < l.taps; k++)
      ((REAL *)weight)[r * l.taps + k] = (REAL)w.sums[k * l.result_stride + r];
}
