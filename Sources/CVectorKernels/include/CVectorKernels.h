// The innermost loops: elementwise functions, sums and tiny matrix products over dense arrays.
//
// Every function exists for float (suffix _f) and double (suffix _d), with the same signature, so that
// generic code serves both. Arrays are dense and row-major. The bits of an element depend on its value only,
// never on its position or alignment; sums run in an order that depends on the lengths only. A result may be
// the same memory as an operand of equal length, unless stated otherwise, but must not overlap it in any
// other way.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// result[i] = f(operand[i]). Largest errors in units in the last place, as tested over the whole range, float / double:
// tanh 3 / 3, exp 2 / 2, log1p 1 / 1, reciprocal 1 / 1, expm1 2 / 2, erf 2 / 2, sigmoid 3 / 3, softplus 3 / 3.
// scale: x * first; offset: x + first; clamp: min(max(x, first), second);
// within: 1 where first < x < second, else 0.
#define VK_MAP(name)                                                                                         \
  void vk_##name##_f(const void *operand, void *result, double first, double second, ptrdiff_t count);       \
  void vk_##name##_d(const void *operand, void *result, double first, double second, ptrdiff_t count);

VK_MAP(tanh)
VK_MAP(exp)
VK_MAP(log1p)
VK_MAP(reciprocal)
VK_MAP(expm1)
VK_MAP(erf)
VK_MAP(sigmoid)
VK_MAP(softplus)
VK_MAP(clamp)
VK_MAP(within)
VK_MAP(scale)
VK_MAP(offset)

// result = left op right, elementwise.
// _row: left and result are [rows, columns], right is [columns]; _column: right is [rows].
#define VK_BINARY_OF(name, suffix)                                                                           \
  void vk_##name##_##suffix(const void *left, const void *right, void *result, ptrdiff_t count);             \
  void vk_##name##_row_##suffix(const void *left, const void *right, void *result, ptrdiff_t rows,           \
                                ptrdiff_t columns);                                                          \
  void vk_##name##_column_##suffix(const void *left, const void *right, void *result, ptrdiff_t rows,        \
                                   ptrdiff_t columns);
#define VK_BINARY(name) VK_BINARY_OF(name, f) VK_BINARY_OF(name, d)

VK_BINARY(add)
VK_BINARY(subtract)
VK_BINARY(multiply)

// Broadcasts, sums and products do not work in place.
#define VK_OTHERS(suffix)                                                                                    \
  /* result[i] += scale * operand[i] */                                                                      \
  void vk_add_scaled_##suffix(const void *operand, double scale, void *result, ptrdiff_t count);             \
  void vk_fill_##suffix(double value, void *result, ptrdiff_t count);                                        \
  bool vk_is_finite_##suffix(const void *operand, ptrdiff_t count);                                          \
  /* result[outer, middle, inner] = operand[outer, inner] */                                                 \
  void vk_broadcast_##suffix(const void *operand, void *result, ptrdiff_t outer, ptrdiff_t middle,           \
                             ptrdiff_t inner);                                                               \
  /* result[outer, inner] = sum over middle of operand[outer, middle, inner], summed in double */            \
  void vk_sum_##suffix(const void *operand, void *result, ptrdiff_t outer, ptrdiff_t middle,                 \
                       ptrdiff_t inner);                                                                     \
  /* sums[columns] += sum over rows of operand[rows, columns], one row after the other */                    \
  void vk_accumulate_rows_##suffix(const void *operand, double *sums, ptrdiff_t rows, ptrdiff_t columns);    \
  void vk_round_##suffix(const double *operand, void *result, ptrdiff_t count);                              \
  /* result[rows, columns] = A right with A[i, k] = left[i * row_stride + k * depth_stride] */               \
  void vk_matmul_rows_##suffix(const void *left, const void *right, void *result, ptrdiff_t rows,            \
                               ptrdiff_t columns, ptrdiff_t depth, ptrdiff_t row_stride,                     \
                               ptrdiff_t depth_stride);                                                      \
  /* result[rows, columns] = left [rows, depth] times the transpose of right [columns, depth] */             \
  void vk_matmul_dots_##suffix(const void *left, const void *right, void *result, ptrdiff_t rows,            \
                               ptrdiff_t columns, ptrdiff_t depth);

VK_OTHERS(f)
VK_OTHERS(d)

// Scalar products and norms of long vectors are sums of sums over chunks of this many elements.
#define VK_CHUNK 2048

#define VK_COMBINATIONS(suffix)                                                                              \
  /* sums[chunk, other] = sum over the chunk of vector[i] * others[other][i], in double */                   \
  void vk_dots_##suffix(const void *vector, const void *_Nonnull const *_Nonnull others,                     \
                        ptrdiff_t other_count, double *sums, ptrdiff_t count);                               \
  /* results[r] = sum over j of factors[r, j] * vectors[j], summed in double; squares[chunk, r] is the sum */ \
  /* of the squares of the result. A result may be one of the vectors where there is no other result. */     \
  void vk_combine_##suffix(const void *_Nonnull const *_Nonnull vectors, ptrdiff_t vector_count,             \
                           const double *factors, void *_Nonnull const *_Nonnull results,                    \
                           ptrdiff_t result_count, double *squares, ptrdiff_t count);

VK_COMBINATIONS(f)
VK_COMBINATIONS(d)

// Adds up the rows of [row_count, columns] along the tree that halves the range of rows; the first row becomes the sum.
void vk_tree_sum(double *rows, ptrdiff_t row_count, ptrdiff_t columns);

#define VK_STEPS(suffix)                                                                                     \
  /* result = left_factor * left + right_factor * right */                                                   \
  void vk_mix_##suffix(const void *left, double left_factor, const void *right, double right_factor,         \
                       void *result, ptrdiff_t count);                                                       \
  /* average = decay * average + weight * operand^2 */                                                       \
  void vk_average_square_##suffix(const void *operand, double decay, double weight, void *average,           \
                                  ptrdiff_t count);                                                          \
  /* result = 1 / sqrt(operand), 0 where the operand is 0 */                                                 \
  void vk_inverse_roots_##suffix(const void *operand, void *result, ptrdiff_t count);                        \
  /* result = factor * (sqrt(correction * average) + epsilon) */                                             \
  void vk_root_scales_##suffix(const void *average, double correction, double epsilon, double factor,        \
                               void *result, ptrdiff_t count);                                               \
  /* weights -= amount * direction / (factor * (sqrt(correction * average) + epsilon)), where that is not 0 */ \
  void vk_root_scaled_step_##suffix(const void *direction, double amount, const void *average,               \
                                    double correction, double epsilon, double factor, void *weights,         \
                                    ptrdiff_t count);

VK_STEPS(f)
VK_STEPS(d)

// Convolution of `examples` images of `inputs` channels to `outputs` channels; a window pixel outside the image sees
// a zero.
typedef struct {
  ptrdiff_t examples, inputs, outputs, height, width, window_height, window_width, stride, padding;
  ptrdiff_t output_height, output_width;
} vk_convolution;

// A window over planes, without padding.
typedef struct {
  ptrdiff_t planes, height, width, window_height, window_width, stride, output_height, output_width;
} vk_pooling;

// input [examples, inputs, height, width], weight [outputs, inputs, window_height, window_width],
// output [examples, outputs, output_height, output_width]: each made of the other two. See convolutions.h, pooling.h.
// None of these works in place.
#define VK_IMAGES(suffix)                                                                                    \
  /* the bytes of scratch memory, aligned to 64, that each of the three needs */                             \
  ptrdiff_t vk_convolve_scratch_##suffix(const vk_convolution *shape);                                       \
  void vk_convolve_output_##suffix(const vk_convolution *shape, const void *input, const void *weight,       \
                                   void *output, void *scratch);                                             \
  void vk_convolve_input_##suffix(const vk_convolution *shape, const void *weight, const void *output,       \
                                  void *input, void *scratch);                                               \
  void vk_convolve_weight_##suffix(const vk_convolution *shape, const void *input, const void *output,       \
                                   void *weight, void *scratch);                                             \
  void vk_average_pool_##suffix(const vk_pooling *shape, const void *operand, void *result);                 \
  void vk_average_spread_##suffix(const vk_pooling *shape, const void *operand, void *result);               \
  void vk_pick_maxima_##suffix(const vk_pooling *shape, const void *places, const void *operand,             \
                               void *result);                                                                \
  void vk_scatter_to_maxima_##suffix(const vk_pooling *shape, const void *places, const void *operand,       \
                                     void *result);

VK_IMAGES(f)
VK_IMAGES(d)

#define VK_PRECONDITIONERS(suffix)                                                                           \
  /* result = factor * (pow(correction * average, exponent) + epsilon) */                                    \
  void vk_power_scales_##suffix(const void *average, double exponent, double correction, double epsilon,     \
                                double factor, void *result, ptrdiff_t count);                               \
  /* result = sqrt(numerator + epsilon) / sqrt(denominator + epsilon) */                                     \
  void vk_ratio_scales_##suffix(const void *numerator, const void *denominator, double epsilon,              \
                                void *result, ptrdiff_t count);                                              \
  /* weights -= amount * direction / scales */                                                               \
  void vk_divided_step_##suffix(const void *direction, double amount, const void *scales, void *weights,     \
                                ptrdiff_t count);                                                            \
  /* result = max(operand, result) */                                                                        \
  void vk_maximum_##suffix(const void *operand, void *result, ptrdiff_t count);                              \
  /* means over rows and columns of matrix[rows, columns]^2; sums[columns] is room to work in */             \
  void vk_square_means_##suffix(const void *matrix, ptrdiff_t rows, ptrdiff_t columns, double *sums,         \
                                void *row_means, void *column_means);                                        \
  /* result[rows, columns] = sqrt(factor * row_moments[rows, 1] * column_moments[1, columns]) */             \
  void vk_factored_scales_##suffix(const void *row_moments, const void *column_moments, double factor,       \
                                   void *result, ptrdiff_t rows, ptrdiff_t columns);

VK_PRECONDITIONERS(f)
VK_PRECONDITIONERS(d)

// The length of a sketch, and of the blocks that it is made of: a power of two.
#define VK_SKETCH 8192

#define VK_SKETCHES(suffix)                                                                                  \
  /* adds up to VK_SKETCH elements to sketch[VK_SKETCH], see sketches.h; signs: 2 VK_SKETCH bits, the lowest */ \
  /* first; block[VK_SKETCH] is room to work in */                                                           \
  void vk_add_to_sketch_##suffix(const void *operand, ptrdiff_t count, const uint64_t *signs, double *block, \
                                 double *sketch);

VK_SKETCHES(f)
VK_SKETCHES(d)

// The random bits of Philox.swift: bits[2 i] and bits[2 i + 1] are block first + i, the low words first.
void vk_philox(uint64_t key, uint32_t substream, uint32_t stream, uint64_t first, uint64_t *bits, ptrdiff_t blocks);

// The version of these functions that this CPU runs: "x86-64-v4", "x86-64-v3" or "baseline".
const char *vk_level(void);
// The version of glibc; empty where the C library is another one.
const char *vk_c_library(void);

#pragma clang assume_nonnull end
