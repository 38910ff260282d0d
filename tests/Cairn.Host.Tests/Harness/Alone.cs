namespace Cairn.Host.Tests.Harness;

/// <summary>The collection of tests that measure seconds or start many processes: they run when no other test does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
