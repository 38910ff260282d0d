using System.Globalization;

namespace Cairn.Engine.Policy;

/// <summary>
/// The characters that read like ASCII or like nothing: those whose compatibility form (NFKC) is ASCII, and those that are
/// ignorable by default, controls among them. A table of our own, since the program runs without ICU.
/// </summary>
internal static class FoldingTable
{
    /// <summary>
    /// Made by going through all code points and keeping those whose NFKC is ASCII and not themselves (Unicode 14, by Python's
    /// unicodedata, and the outlined letters and digits of Unicode 16). @ gives a code point in hex; the forms behind it are
    /// those of it and its successors; X~n stands for n forms that count up from X; SP is the space.
    /// </summary>
    private const string Forms = """
        @A0 SP @AA a @B2 2~2 @B9 1 o @132 IJ ij @17F s @1C7 LJ Lj lj NJ Nj nj @1F1 DZ Dz dz @2B0 h @2B2 j r @2B7 w y @2E1 l s x @37E ; @1D2C A
        @1D2E B @1D30 D~2 @1D33 G~8 @1D3C O @1D3E P R T~2 W a @1D47 b d~2 @1D4D g @1D4F k m @1D52 o @1D56 p t~2 @1D5B v @1D62 i r u~2 @1D9C c
        @1DA0 f @1DBB z @1FEF ` @2000 SP SP SP SP SP SP SP SP SP SP SP @2024 . .. ... @202F SP @203C !! @2047 ?? ?! !? @205F SP @2070 0 i
        @2074 4~6 + @207C = (~2 n 0~10 + @208C = (~2 @2090 a e o x @2095 h k~4 p s~2 @20A8 Rs @2100 a/c a/s C @2105 c/o c/u @210A g H H H h
        @2110 I I L l @2115 N No @2119 P~3 R R @2120 SM TEL TM @2124 Z @2128 Z @212A K @212C B~2 @212F e E~2 @2133 M o @2139 i @213B FAX @2145
        D d~2 i~2 @2160 I II III IV V VI VII VIII IX X XI XII L C~2 M i ii iii iv v vi vii viii ix x xi xii l c~2 m @2460 1~9 10 11 12 13 14
        15 16 17 18 19 20 (1) (2) (3) (4) (5) (6) (7) (8) (9) (10) (11) (12) (13) (14) (15) (16) (17) (18) (19) (20) 1. 2. 3. 4. 5. 6. 7. 8.
        9. 10. 11. 12. 13. 14. 15. 16. 17. 18. 19. 20. (a) (b) (c) (d) (e) (f) (g) (h) (i) (j) (k) (l) (m) (n) (o) (p) (q) (r) (s) (t) (u) (v)
        (w) (x) (y) (z) A~26 a~26 0 @2A74 ::= == === @2C7C j V @3000 SP @3250 PTE 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 @32B1 36 37 38
        39 40 41 42 43 44 45 46 47 48 49 50 @32CC Hg erg eV LTD @3371 hPa da AU bar oV pc dm dm2 dm3 IU @3380 pA nA @3383 mA kA KB MB GB cal
        kcal pF nF @338E mg kg Hz kHz MHz GHz THz @3396 ml dl kl fm nm @339C mm cm km mm2 cm2 m2 km2 mm3 cm3 m3 km3 @33A9 Pa kPa MPa GPa rad
        @33B0 ps ns @33B3 ms pV nV @33B7 mV kV MV pW nW @33BD mW kW MW @33C2 a.m. Bq cc cd @33C7 Co. dB Gy ha HP in KK KM kt lm ln log lx mb
        mil mol PH p.m. PPM PR sr Sv Wb @33FF gal @A7F2 C F Q @FB00 ff fi fl ffi ffl st st @FB29 + @FE10 , @FE13 :~2 ! ? @FE19 ... @FE30 ..
        @FE33 _ _ (~2 { } @FE47 [ ] @FE4D _ _ _ , @FE52 . @FE54 ; : ? ! @FE59 (~2 { } @FE5F # & *~2 - < > = @FE68 \ $~2 @ @FF01 !~94 @107A5 q
        @1CCD6 A~26 0~10 @1D400 A~26 a~26 A~26 a~7 @1D456 i~18 A~26 a~26 A @1D49E C~2 @1D4A2 G @1D4A5 J~2 @1D4A9 N~4 @1D4AE S~8 a~4 @1D4BB f
        @1D4BD h~7 @1D4C5 p~11 A~26 a~26 A~2 @1D507 D~4 @1D50D J~8 @1D516 S~7 @1D51E a~26 A~2 @1D53B D~4 @1D540 I~5 @1D546 O @1D54A S~7 @1D552
        a~26 A~26 a~26 A~26 a~26 A~26 a~26 A~26 a~26 A~26 a~26 A~26 a~26 @1D7CE 0~10 0~10 0~10 0~10 0~10 @1F100 0. 0, 1, 2, 3, 4, 5, 6, 7, 8,
        9, @1F110 (A) (B) (C) (D) (E) (F) (G) (H) (I) (J) (K) (L) (M) (N) (O) (P) (Q) (R) (S) (T) (U) (V) (W) (X) (Y) (Z) @1F12B C R CD WZ
        @1F130 A~26 HV MV SD SS PPV WC @1F16A MC MD MR @1F190 DJ @1FBF0 0~10
        """;

    /// <summary>
    /// Control characters but for white space, and Default_Ignorable_Code_Point of DerivedCoreProperties.txt: first and last of
    /// each range. NUL is no text.
    /// </summary>
    private static readonly (int First, int Last)[] Ignorable =
    [
        (0x01, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F),
        (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    /// <summary>What each code point of the table reads like; "" for nothing.</summary>
    public static IReadOnlyDictionary<int, string> Build()
    {
        var table = new Dictionary<int, string>();
        foreach (var (first, last) in Ignorable)
            for (var code = first; code <= last; code++) table[code] = "";
        var next = 0;
        foreach (var token in Forms.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (token is ['@', _, ..])
            {
                next = int.Parse(token.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                continue;
            }
            var count = token is [_, '~', _, ..] ? int.Parse(token.AsSpan(2), CultureInfo.InvariantCulture) : 0;
            if (count == 0) table[next++] = token == "SP" ? " " : token;
            for (var i = 0; i < count; i++) table[next++] = ((char)(token[0] + i)).ToString();
        }
        return table;
    }
}
