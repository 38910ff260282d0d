using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Tokenizers;

namespace Cairn.Engine.Embeddings;

/// <summary>
/// all-MiniLM-L6-v2 in memory: a text of at most <see cref="MaxTokens"/> tokens as a unit vector, by the mean over its tokens.
/// It takes some 80 MB while it is there and one processor while it works. Texts of any length may be given: what is beyond
/// the limit is not read. Safe for concurrent calls, each of which has its own memory.
/// </summary>
internal sealed partial class SentenceModel : IDisposable
{
    /// <summary>How many numbers a vector has.</summary>
    public const int Dimensions = 384;

    /// <summary>How much of a text is read, its two marks included.</summary>
    public const int MaxTokens = 256;

    /// <summary>The names of the files that it is made of.</summary>
    public const string WeightsFile = "model.onnx", VocabularyFile = "vocab.txt";

    private static readonly string[] InputNames = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] OutputNames = ["last_hidden_state"];

    private readonly BertTokenizer _tokenizer;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    private SentenceModel(BertTokenizer tokenizer, InferenceSession session) => (_tokenizer, _session) = (tokenizer, session);

    /// <summary>Loads the files of a folder.</summary>
    public static SentenceModel Load(string folder)
    {
        // It would write to stderr what is an exception anyway, and on Windows tell its maker of the use.
        if (!OrtEnv.IsCreated)
        {
            var created = new EnvironmentCreationOptions { logId = "cairn", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            OrtEnv.CreateInstanceWithOptions(ref created).DisableTelemetryEvents();
        }
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // What a text needs is given back after it, not kept for the longest one.
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        var session = new InferenceSession(Path.Combine(folder, WeightsFile), options);
        try
        {
            return new SentenceModel(BertTokenizer.Create(Path.Combine(folder, VocabularyFile), new BertOptions { RemoveNonSpacingMarks = true, PreTokenizer = new RegexPreTokenizer(WordOrSign(), null) }), session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>How many characters of a text's beginning have at most a number of tokens, marks not counted.</summary>
    public int Fit(ReadOnlySpan<char> text, int tokens)
    {
        var plain = PlainText.Of(text).AsSpan();
        var count = _tokenizer.CountTokens(plain);
        if (count <= tokens) return text.Length;
        // What the tokenizer names is a place in the text as it reads it, lower-cased and with spaces put in or left out.
        var length = Math.Min(text.Length, _tokenizer.GetIndexByTokenCount(plain, tokens, out _, out _));
        while (true)
        {
            if (length > 0 && char.IsHighSurrogate(plain[length - 1])) length--;
            if (length == 0 || (count = _tokenizer.CountTokens(plain[..length])) <= tokens) return length;
            length = Math.Min(length - 1, (int)((long)length * tokens / count));
        }
    }

    /// <summary>How many tokens a text has, marks not counted.</summary>
    public int Count(ReadOnlySpan<char> text) => _tokenizer.CountTokens(PlainText.Of(text));

    /// <summary>The text's vector, of length 1.</summary>
    public float[] Embed(string text)
    {
        var read = _tokenizer.EncodeToIds(PlainText.Of(text), MaxTokens, out _, out _);
        var ids = new long[read.Count];
        for (var i = 0; i < ids.Length; i++) ids[i] = read[i];
        var mask = new long[ids.Length];
        Array.Fill(mask, 1);
        long[] shape = [1, ids.Length];
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typeValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var outputs = _session.Run(_run, InputNames, [idValue, maskValue, typeValue], OutputNames);
        return Mean(outputs[0].GetTensorDataAsSpan<float>());
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static float[] Mean(ReadOnlySpan<float> states)
    {
        var sum = new float[Dimensions];
        for (var at = 0; at < states.Length; at += Dimensions)
            for (var i = 0; i < Dimensions; i++) sum[i] += states[at + i];
        var length = 0.0;
        foreach (var value in sum) length += (double)value * value;
        var scale = length > 0 ? (float)(1 / Math.Sqrt(length)) : 0;
        for (var i = 0; i < Dimensions; i++) sum[i] *= scale;
        return sum;
    }

    // As the model was trained: every punctuation mark, and every sign of ASCII that is neither letter nor digit, is a word of
    // its own. The tokenizer's default joins underscores to words and drops +, = and <, of which code is made.
    [GeneratedRegex(@"[!-/:-@\[-`{-~\p{P}]|[^\s!-/:-@\[-`{-~\p{P}]+")]
    private static partial Regex WordOrSign();
}
