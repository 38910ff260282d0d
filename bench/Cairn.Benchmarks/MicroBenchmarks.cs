using BenchmarkDotNet.Attributes;

namespace Cairn.Benchmarks;

public class MicroBenchmarks
{
    [Benchmark] public int Nothing() => 1;
}
