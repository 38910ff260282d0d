namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// How keys are divided into segments: the smallest has <paramref name="Base"/> keys and begins at a multiple of that; of
/// <paramref name="Fan"/> that lie in a row from a multiple of the next size on, one of that size is made.
/// </summary>
/// <param name="Base">The keys of the smallest segment; a multiple of 64, and a divisor of <see cref="RankedStore.ChangeRange"/>.</param>
/// <param name="Fan">How many segments are merged into one.</param>
/// <param name="Least">Below so many entries the full-text index alone is as fast, and there are no segments.</param>
internal sealed record RankedLayout(int Base, int Fan, int Least)
{
    /// <summary>The sizes, the least first: of 1,024, 8,192 and 65,536 keys, unless a test says otherwise.</summary>
    public IReadOnlyList<int> Sizes => [Base, Base * Fan, Base * Fan * Fan];
}
