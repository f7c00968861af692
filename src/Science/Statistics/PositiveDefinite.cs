namespace Wellmet.Science.Statistics;

/// <summary>Small systems of equations whose matrix is symmetric and positive definite.</summary>
internal static class PositiveDefinite
{
    /// <summary>Below this a pivot is taken for rounding.</summary>
    private const double Precision = 1e-9;

    /// <summary>By Cholesky's decomposition, in place; only the lower triangle is read.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= matrix[i, k] * matrix[j, k];
                }

                matrix[i, j] = i == j ? Math.Sqrt(Math.Max(sum, Precision)) : sum / matrix[j, j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                right[i] -= matrix[i, k] * right[k];
            }

            right[i] /= matrix[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                right[i] -= matrix[k, i] * right[k];
            }

            right[i] /= matrix[i, i];
        }

        return right;
    }
}
