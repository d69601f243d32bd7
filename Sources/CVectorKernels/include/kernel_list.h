// The kernels that exist for each scalar type, as VK_KERNEL(result type, name, parameters): whoever includes this makes
// declarations or a table of them. Arrays are of that scalar type unless another is written.

#pragma clang assume_nonnull begin

// result[i] = f(operand[i]). Largest errors in units in the last place, as tested over the whole range, float / double:
// tanh 3 / 3, exp 2 / 2, log1p 1 / 1, reciprocal 1 / 1, expm1 2 / 2, erf 2 / 2, sigmoid 3 / 3, softplus 3 / 3.
// scale: x * first; offset: x + first; clamp: min(max(x, first), second);
// within: 1 where first < x < second, else 0.
#define VK_MAP(name) \
  VK_KERNEL(void, name, const void *operand, void *result, double first, double second, ptrdiff_t count)

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
#undef VK_MAP

// result = left op right, elementwise.
// _row: left and result are [rows, columns], right is [columns]; _column: right is [rows].
#define VK_BINARY(name)                                                                                      \
  VK_KERNEL(void, name, const void *left, const void *right, void *result, ptrdiff_t count)                  \
  VK_KERNEL(void, name##_row, const void *left, const void *right, void *result, ptrdiff_t rows,             \
            ptrdiff_t columns)                                                                               \
  VK_KERNEL(void, name##_column, const void *left, const void *right, void *result, ptrdiff_t rows,          \
            ptrdiff_t columns)

VK_BINARY(add)
VK_BINARY(subtract)
VK_BINARY(multiply)
#undef VK_BINARY

// Broadcasts, sums and products do not work in place.
// result[i] += scale * operand[i]
VK_KERNEL(void, add_scaled, const void *operand, double scale, void *result, ptrdiff_t count)
VK_KERNEL(void, fill, double value, void *result, ptrdiff_t count)
VK_KERNEL(bool, is_finite, const void *operand, ptrdiff_t count)

// result[outer, middle, inner] = operand[outer, inner]
VK_KERNEL(void, broadcast, const void *operand, void *result, ptrdiff_t outer, ptrdiff_t middle, ptrdiff_t inner)

// result[outer, inner] = sum over middle of operand[outer, middle, inner], summed in double
VK_KERNEL(void, sum, const void *operand, void *result, ptrdiff_t outer, ptrdiff_t middle, ptrdiff_t inner)

// sums[columns] += sum over rows of operand[rows, columns], one row after the other
VK_KERNEL(void, accumulate_rows, const void *operand, double *sums, ptrdiff_t rows, ptrdiff_t columns)
VK_KERNEL(void, round, const double *operand, void *result, ptrdiff_t count)

// The products of a shape: every element is summed from the first term to the last.
VK_KERNEL(void, multiply_matrices, const vk_product *shape, const void *left, const void *right, void *result)

// The products of a shape, neither scaled nor added: every element is the scalar product, summed in double, of a row of
// left [rows, depth] and a row of right [columns, depth].
VK_KERNEL(void, multiply_by_dots, const vk_product *shape, const void *left, const void *right, void *result)

// Over long vectors, in chunks of VK_CHUNK elements.
// sums[chunk, other] = sum over the chunk of vector[i] * others[other][i], in double
VK_KERNEL(void, dots, const void *vector, const void *_Nonnull const *_Nonnull others, ptrdiff_t other_count,
          double *sums, ptrdiff_t count)

// results[r] = sum over j of factors[r, j] * vectors[j], summed in double; squares[chunk, r] is the sum
// of the squares of the result. A result may be one of the vectors where there is no other result.
VK_KERNEL(void, combine, const void *_Nonnull const *_Nonnull vectors, ptrdiff_t vector_count, const double
          *factors, void *_Nonnull const *_Nonnull results, ptrdiff_t result_count, double *squares, ptrdiff_t
          count)

// Steps of optimizers.
// result = left_factor * left + right_factor * right
VK_KERNEL(void, mix, const void *left, double left_factor, const void *right, double right_factor, void *result,
          ptrdiff_t count)

// average = decay * average + weight * operand^2
VK_KERNEL(void, average_square, const void *operand, double decay, double weight, void *average, ptrdiff_t count)

// result = 1 / sqrt(operand), 0 where the operand is 0
VK_KERNEL(void, inverse_roots, const void *operand, void *result, ptrdiff_t count)

// result = factor * (sqrt(correction * average) + epsilon)
VK_KERNEL(void, root_scales, const void *average, double correction, double epsilon, double factor, void
          *result, ptrdiff_t count)

// weights -= amount * direction / (factor * (sqrt(correction * average) + epsilon)), where that is not 0
VK_KERNEL(void, root_scaled_step, const void *direction, double amount, const void *average, double correction,
          double epsilon, double factor, void *weights, ptrdiff_t count)

// input [examples, inputs, height, width], weight [outputs, inputs, window_height, window_width],
// output [examples, outputs, output_height, output_width]: each made of the other two. See convolutions.h, pooling.h.
// None of these works in place.
// the bytes of scratch memory, aligned to 64, that each of the three needs
VK_KERNEL(ptrdiff_t, convolve_scratch, const vk_convolution *shape)
VK_KERNEL(void, convolve_output, const vk_convolution *shape, const void *input, const void *weight, void
          *output, void *scratch)
VK_KERNEL(void, convolve_input, const vk_convolution *shape, const void *weight, const void *output, void
          *input, void *scratch)
VK_KERNEL(void, convolve_weight, const vk_convolution *shape, const void *input, const void *output, void
          *weight, void *scratch)
VK_KERNEL(void, average_pool, const vk_pooling *shape, const void *operand, void *result)
VK_KERNEL(void, average_spread, const vk_pooling *shape, const void *operand, void *result)
VK_KERNEL(void, pick_maxima, const vk_pooling *shape, const void *places, const void *operand, void *result)
VK_KERNEL(void, scatter_to_maxima, const vk_pooling *shape, const void *places, const void *operand, void *result)

// Preconditioners.
// result = factor * (pow(correction * average, exponent) + epsilon)
VK_KERNEL(void, power_scales, const void *average, double exponent, double correction, double epsilon, double
          factor, void *result, ptrdiff_t count)

// result = sqrt(numerator + epsilon) / sqrt(denominator + epsilon)
VK_KERNEL(void, ratio_scales, const void *numerator, const void *denominator, double epsilon, void *result,
          ptrdiff_t count)

// weights -= amount * direction / scales
VK_KERNEL(void, divided_step, const void *direction, double amount, const void *scales, void *weights, ptrdiff_t
          count)

// result = max(operand, result)
VK_KERNEL(void, maximum, const void *operand, void *result, ptrdiff_t count)

// means over rows and columns of matrix[rows, columns]^2; sums[columns] is room to work in
VK_KERNEL(void, square_means, const void *matrix, ptrdiff_t rows, ptrdiff_t columns, double *sums, void
          *row_means, void *column_means)

// result[rows, columns] = sqrt(factor * row_moments[rows, 1] * column_moments[1, columns])
VK_KERNEL(void, factored_scales, const void *row_moments, const void *column_moments, double factor, void
          *result, ptrdiff_t rows, ptrdiff_t columns)

// Sketches.
// adds up to VK_SKETCH elements to sketch[VK_SKETCH], see sketches.h; signs: 2 VK_SKETCH bits, the lowest
// first; block[VK_SKETCH] is room to work in
VK_KERNEL(void, add_to_sketch, const void *operand, ptrdiff_t count, const uint64_t *signs, double *block,
          double *sketch)

#pragma clang assume_nonnull end
