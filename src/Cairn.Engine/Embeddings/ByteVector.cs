using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cairn.Engine.Embeddings;

/// <summary>
/// A unit vector as signed bytes and the one scale that they were divided by: a quarter of the size, and within a rank or
/// two of the floats. Pure.
/// </summary>
/// <param name="Values">The numbers, -127 to 127.</param>
/// <param name="Scale">What makes them the vector's again.</param>
internal sealed record ByteVector(sbyte[] Values, float Scale)
{
    /// <summary>Rounds a vector.</summary>
    public static ByteVector Of(ReadOnlySpan<float> vector)
    {
        var largest = 0f;
        foreach (var value in vector) largest = Math.Max(largest, Math.Abs(value));
        var scale = largest / sbyte.MaxValue;
        var values = new sbyte[vector.Length];
        if (scale > 0)
            for (var i = 0; i < values.Length; i++) values[i] = (sbyte)Math.Clamp(MathF.Round(vector[i] / scale), -sbyte.MaxValue, sbyte.MaxValue);
        return new ByteVector(values, scale);
    }

    /// <summary>The sum of the products of two vectors' numbers, whose length is a multiple of 32.</summary>
    public static int Dot(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
    {
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right[..left.Length]);
        if (Avx2.IsSupported)
        {
            var sum = Vector256<int>.Zero;
            for (nuint i = 0; i < (nuint)left.Length; i += 16)
                sum += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref a, i)), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref b, i)));
            return Vector256.Sum(sum);
        }
        var total = Vector128<int>.Zero;
        for (nuint i = 0; i < (nuint)left.Length; i += 16)
        {
            var (aLow, aHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref a, i));
            var (bLow, bHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref b, i));
            var (low, high) = Vector128.Widen(aLow * bLow); // at most 127 * 127, which a short holds
            total += low + high;
            (low, high) = Vector128.Widen(aHigh * bHigh);
            total += low + high;
        }
        return Vector128.Sum(total);
    }
}
