using System.Runtime.InteropServices;

namespace Cairn.Engine.Embeddings;

/// <summary>
/// The sentence model as it is needed: loaded on its first use, shared by all uses, and gone again some minutes after the
/// last one. Until then, and always when it is switched off or its files are not there, nothing of ONNX Runtime is in the process.
/// </summary>
/// <param name="folder">Where the model's files are; null when there are none.</param>
/// <param name="time">Measures the minutes.</param>
internal sealed class Embedder(string? folder, TimeProvider time) : IDisposable
{
    /// <summary>How long the model stays after its last use.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private SentenceModel? _model;
    private Task<string?>? _loading;
    private ITimer? _timer;
    private long _lastUse;
    private int _uses;
    private bool _disposed;
    private string? _failure;

    /// <summary>Which model it is: vectors of two models cannot be compared.</summary>
    public const string ModelName = "all-MiniLM-L6-v2/int8/1";

    /// <summary>Why there is no model, or null when there is one.</summary>
    public string? Obstacle => _failure ?? (folder is null ? "no model is set up" : IsThere(folder) ? null : $"the model's files are not in {folder}");

    /// <summary>Whether it is in memory now.</summary>
    public bool IsLoaded => Volatile.Read(ref _model) is not null;

    /// <summary>Told when the model has left memory.</summary>
    public Action Unloaded { get; set; } = static () => { };

    /// <summary>
    /// Uses the model if it is in memory. If it is not, begins to load it beside the caller, who is not held up longer than
    /// <paramref name="patience"/>, and gives null when it is not there by then.
    /// </summary>
    public T? TryUse<T>(TimeSpan patience, Func<SentenceModel, T?> use) where T : class
    {
        if (Obstacle is not null) return null;
        if (!IsLoaded)
        {
            var loading = Prepare();
            if (patience <= TimeSpan.Zero || !loading.Wait(patience)) return null;
        }
        return Enter() is { } model ? Used(model, use) : null;
    }

    /// <summary>Uses the model, and waits until it is loaded. Null when there is none.</summary>
    public T? Use<T>(Func<SentenceModel, T?> use) where T : class
    {
        while (Obstacle is null && !_disposed)
        {
            if (Enter() is { } model) return Used(model, use);
            Prepare().Wait();
        }
        return null;
    }

    /// <summary>Unloads the model; it must not be in use.</summary>
    public void Dispose()
    {
        Task? loading;
        lock (_lock) loading = _loading;
        loading?.Wait(EndPatience); // a process that ends while its libraries are being loaded may crash
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
            if (_uses == 0) Unload();
        }
    }

    private static bool IsThere(string folder) => File.Exists(Path.Combine(folder, SentenceModel.WeightsFile)) && File.Exists(Path.Combine(folder, SentenceModel.VocabularyFile));

    // One load for all who ask; off the caller's thread.
    private Task Prepare()
    {
        lock (_lock)
        {
            if (_model is not null || _disposed) return Task.CompletedTask;
            return _loading ??= Task.Run(Load);
        }
    }

    private string? Load()
    {
        SentenceModel? model = null;
        try
        {
            model = SentenceModel.Load(folder!);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A library that is missing or for another machine, a file that is damaged: search goes on by words, and status says why.
            _failure = $"the model cannot be loaded ({(error is TypeInitializationException { InnerException: { } cause } ? cause : error).GetType().Name})";
        }
        lock (_lock)
        {
            _loading = null;
            if (model is null) return _failure;
            if (_disposed)
            {
                model.Dispose();
                return null;
            }
            _model = model;
            _lastUse = time.GetTimestamp();
            _timer ??= time.CreateTimer(_ => UnloadIfIdle(), null, IdleTime, IdleTime);
            _timer.Change(IdleTime, IdleTime);
            return null;
        }
    }

    private SentenceModel? Enter()
    {
        lock (_lock)
        {
            if (_model is null || _disposed) return null;
            _uses++;
            return _model;
        }
    }

    private T Used<T>(SentenceModel model, Func<SentenceModel, T> use)
    {
        try
        {
            return use(model);
        }
        finally
        {
            lock (_lock)
            {
                _uses--;
                _lastUse = time.GetTimestamp();
                if (_disposed && _uses == 0) Unload();
            }
        }
    }

    private void UnloadIfIdle()
    {
        lock (_lock)
        {
            if (_model is null) return;
            var left = IdleTime - time.GetElapsedTime(_lastUse);
            if (_uses > 0 || left > TimeSpan.Zero)
            {
                _timer!.Change(left > TimeSpan.Zero ? left : IdleTime, IdleTime);
                return;
            }
            Unload();
            _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        Unloaded();
        GiveBackMemory();
    }

    private void Unload()
    {
        _model?.Dispose();
        Volatile.Write(ref _model, null);
    }

    // What was freed goes back to the system: the runtime and the C library would both keep it.
    private static void GiveBackMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // Not every C library of Linux has it.
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _)) _ = malloc_trim(0);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int malloc_trim(nuint keep);
}
