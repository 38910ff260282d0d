namespace Cairn.Engine.Tokens;

/// <summary>
/// An upper bound of the tokens (o200k_base) that a text costs, without the tokenizer, which takes a quarter of a second
/// to load. Pure, and never too low: a token is at least a byte; a common word is one token; up to three digits are one;
/// and of two neighbouring letters that are a token together, no two tokens remain. English costs some 1.4 times what it
/// really does, code 1.8, other scripts up to ten times: see <see cref="TokenCount"/> for those.
/// </summary>
internal static class TokenBound
{
    private const int LongestCommon = 16;
    private const int Impossible = -1_000_000;

    // Pairs of letters that are no token of their own; all others of two small, two great, or a great and a small letter are.
    private const string UnmergedPairs = """
        Aq Bf Bq Bv Bz Cj Ck Cq Cw Cz Dg Dk Dq EJ Eo Ew FJ FQ FZ Ff Fh Fj Fq Fv Fz GJ GQ GZ Gd Gf Gg Gk Gm Gq Gv Gx Gz Hc Hf Hh Hj Hk Hn
        Hq IY Ih Iu JH JQ JX JY JZ Jb Jc Jd Jf Jg Jj Jk Jm Jp Jq Jr Jt Jv Jw Jx Jz KJ KQ KX KZ Kc Kf Kj Kk Kp Kq Kx Kz LJ LQ LZ Lh Lk Lq
        Lr Lw Lx Lz MZ NQ Nf Nn Nq Nw OQ OZ Oa Oe Oq PZ Pj Pp Pq Pz QF QG QH QJ QK QO QW QX QY QZ Qb Qd Qe Qf Qh Qj Qk Qm Qn Qp Qq Qv Qw
        Qx Qy Qz RZ Rj Rk Rr Rz Sg Sx TQ Tg Tj Tn Tq Tt Tz UO UQ Ue Uj Uo Uq Uu VJ VQ VY VZ Vb Vd Vf Vg Vh Vj Vn Vq Vt Vv Vw Vx WJ WQ WZ
        Wb Wc Wf Wg Wj Wk Wl Wm Wn Wq Wv Ww Wz XG XH XJ XK XQ XU XW Xb Xc Xf Xg Xh Xj Xk Xl Xn Xo Xq Xr Xv Xw Xx Xy Xz YB YF YH YI YJ YQ
        YV Yb Yc Yd Yf Yg Yh Yj Yk Yl Yp Yq Yt Yv Yw Yx Yy Yz ZB ZC ZJ ZK ZL ZP ZQ ZV Zb Zc Zf Zg Zk Zl Zp Zq Zr Zs Zt Zx Zy Zz bq gk gq
        jv jz kq kz lq nq qf qg qj qk qv qz rj tq wq wz xg xj xk xq xv xw yq zj zq zv
        """;

    private static readonly bool[] Unmerged = ReadPairs();
    private static readonly Lazy<HashSet<string>> Common = new(static () => [.. CommonWords()]);

    /// <summary>At least as many as the tokens of a text.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : '\n';
            var end = i + 1;
            if (char.IsAsciiLetter(c) || (c == ' ' && char.IsAsciiLetter(next)))
            {
                while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
                count += Letters(text, i, end);
            }
            else if (char.IsAsciiDigit(c))
            {
                while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
                count += (end - i + 2) / 3;
            }
            else if (c != ' ' || !IsSymbol(next)) // a space before a symbol is one token with it, at the least
            {
                // After an apostrophe one or two letters may go with it (don't, we'll), and end a token within the word.
                count += c == '\'' && char.IsAsciiLetter(next) ? 2 : Bytes(c);
            }
            i = end;
        }
        return count;
    }

    /// <summary>Words that are one token in small letters and with a great one, each alone and after a space; at most two after a symbol.</summary>
    internal static IEnumerable<string> CommonWords()
    {
        using var stream = typeof(TokenBound).Assembly.GetManifestResourceStream("CommonWords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    // A run of letters, with the space before it where there is one, falls into words before each great letter after a small one.
    private static int Letters(ReadOnlySpan<char> text, int start, int end)
    {
        var (count, at) = (0, start);
        var after = end < text.Length ? text[end] : '\n';
        var before = start > 0 && text[start] != ' ' ? text[start - 1] : ' ';
        while (at < end)
        {
            var last = text[at] == ' ' ? at + 1 : at;
            while (last < end && char.IsAsciiLetterUpper(text[last])) last++;
            while (last < end && char.IsAsciiLetterLower(text[last])) last++;
            var stands = (at > start || char.IsAscii(before)) && (last < end || (char.IsAscii(after) && after != '\''));
            count += stands && IsCommon(text[at..last].TrimStart(' ')) ? 1 : Most(text[at..last]);
            at = last;
        }
        return count;
    }

    private static bool IsCommon(ReadOnlySpan<char> word)
    {
        if (word.Length is < 2 or > LongestCommon || word[1..].ContainsAnyInRange('A', 'Z')) return false;
        Span<char> small = stackalloc char[word.Length];
        word.ToLowerInvariant(small);
        return Common.Value.GetAlternateLookup<ReadOnlySpan<char>>().Contains(small);
    }

    // The greatest number of pieces such that no two single letters that would be one token stand side by side. Pieces of
    // four letters or more are never more than those of two and three.
    private static int Most(ReadOnlySpan<char> word)
    {
        Span<int> single = stackalloc int[4];
        Span<int> longer = stackalloc int[4];
        single.Fill(Impossible);
        longer.Fill(Impossible);
        longer[0] = 0; // nothing yet, behind which anything may stand
        for (var i = 1; i <= word.Length; i++)
        {
            var merged = i > 1 && !(char.IsAsciiLetter(word[i - 2]) && Unmerged[Index(word[i - 2], word[i - 1])]);
            var alone = 1 + Math.Max(longer[(i - 1) & 3], merged ? Impossible : single[(i - 1) & 3]);
            var joined = Impossible;
            for (var size = 2; size <= 3 && size <= i; size++) joined = Math.Max(joined, 1 + Math.Max(single[(i - size) & 3], longer[(i - size) & 3]));
            (single[i & 3], longer[i & 3]) = (alone, joined);
        }
        return Math.Max(single[word.Length & 3], longer[word.Length & 3]);
    }

    // A lone half of a surrogate pair counts as the replacement character that is written for it.
    private static int Bytes(char c) => c < 0x80 ? 1 : c < 0x800 ? 2 : 3;

    private static bool IsSymbol(char c) => c is > ' ' and < '\x7F' && !char.IsAsciiLetterOrDigit(c);

    private static int Index(char first, char second) => ((first - 'A') * 64) + second - 'A';

    private static bool[] ReadPairs()
    {
        var unmerged = new bool[64 * 64];
        foreach (var pair in UnmergedPairs.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) unmerged[Index(pair[0], pair[1])] = true;
        return unmerged;
    }
}
