// The innermost loops: elementwise functions, sums and small matrix products over dense arrays, compiled for several
// levels of CPUs, of which the program chooses one when it starts.
//
// Every kernel exists for float and double, with the same signature, so that generic code serves both. Arrays are dense
// and row-major. The bits of an element depend on its value only, never on its position or alignment; sums run in an
// order that depends on the lengths only, never on the width of a CPU's vectors. A result may be the same memory as an
// operand of equal length, unless stated otherwise, but must not overlap it in any other way.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Scalar products and norms of long vectors are sums of sums over chunks of this many elements.
#define VK_CHUNK 2048

// The length of a sketch, and of the blocks that it is made of: a power of two.
#define VK_SKETCH 8192

// Convolution of `examples` images of `inputs` channels to `outputs` channels; a window pixel outside the image sees
// a zero.
typedef struct {
  ptrdiff_t examples, inputs, outputs, height, width, window_height, window_width, stride, padding;
  ptrdiff_t output_height, output_width;
} vk_convolution;

// The most terms of a sum that multiply_matrices takes where B is stored as its transpose.
#define VK_DEEPEST 1024

// `count` products, one after the other: result [rows, columns] = factor * A B, added to what the result holds where
// `accumulates`. A[i, k] = left[i * row_stride + k * depth_stride]; B [depth, columns] is right, or, where `transposed`,
// right is [columns, depth].
typedef struct {
  ptrdiff_t count, rows, columns, depth, row_stride, depth_stride;
  double factor;
  bool transposed, accumulates;
} vk_product;

// A window over planes, without padding.
typedef struct {
  ptrdiff_t planes, height, width, window_height, window_width, stride, output_height, output_width;
} vk_pooling;

#pragma clang assume_nonnull end

// The kernels for one scalar type at one level: see kernel_list.h.
typedef struct {
#define VK_KERNEL(result, name, ...) result (*_Nonnull name)(__VA_ARGS__);
#include "kernel_list.h"
#undef VK_KERNEL
} vk_kernels;

#pragma clang assume_nonnull begin

// All kernels of one level: for float, for double, and for both.
typedef struct {
  const vk_kernels *single, *twofold;
  // The random bits of Philox.swift: bits[2 i] and bits[2 i + 1] are block first + i, the low words first.
  void (*philox)(uint64_t key, uint32_t substream, uint32_t stream, uint64_t first, uint64_t *bits,
                 ptrdiff_t blocks);
  // The normal numbers of Philox.swift: two of every two words.
  void (*normals)(const uint64_t *bits, double *numbers, ptrdiff_t blocks);
} vk_level;

// The kernels that were compiled for a level: "baseline", and on x86-64 "v3" and "v4". The two fuse multiplications with
// additions, wherever the sources have them in one expression; baseline does not on x86-64. Null for another name.
const vk_level *_Nullable vk_level_named(const char *name);

// The newest level that the CPU and the operating system support, by its place in CPULevel.swift: 0 for a CPU that is not
// x86-64, then x86-64 itself, v2, AVX, v3, v4.
int vk_cpu_level(void);

// Elementary functions with the same bits at every level and on every machine; the largest errors, as tested, in units in
// the last place: vk_log 1, vk_pow 1 (exact where the result is a double), vk_turn 1.
// vk_pow: x^y for x >= 0, NaN for x < 0. vk_turn: the cosine and the sine of whole turns, of less than 2^50 of them.
double vk_log(double x);
double vk_pow(double x, double y);
void vk_turn(double turns, double *cosine, double *sine);

// Adds up the rows of [row_count, columns] along the tree that halves the range of rows; the first row becomes the sum.
// Nothing is multiplied, so that it is the same at every level.
void vk_tree_sum(double *rows, ptrdiff_t row_count, ptrdiff_t columns);

#pragma clang assume_nonnull end
