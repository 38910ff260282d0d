using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>Is given a word as the full-text index holds it: folded and stemmed, in UTF-8.</summary>
internal delegate void TokenFound(ReadOnlySpan<byte> token);

/// <summary>
/// The tokenizer of the full-text index itself, as SQLite has it: what it makes of a text is what the index holds, without
/// a second one that could differ. Of one connection, and like it not for two threads at once.
/// </summary>
internal sealed unsafe class FullTextTokenizer : IDisposable
{
    private const int ForDocument = 4; // FTS5_TOKENIZE_DOCUMENT
    private const int Colocated = 1; // FTS5_TOKEN_COLOCATED

    // As the table names it; a test compares the two.
    internal const string Definition = "porter unicode61 remove_diacritics 2";

    private readonly Functions _functions;
    private readonly IntPtr _tokenizer;
    private GCHandle _self;
    private TokenFound? _found;
    private Exception? _failure;

    public FullTextTokenizer(sqlite3 database)
    {
        var api = Api(database);
        var words = Definition.Split(' ');
        fixed (byte* name = Encoding.UTF8.GetBytes(words[0] + '\0'))
        {
            IntPtr data;
            Functions functions;
            Require(((delegate* unmanaged[Cdecl]<IntPtr, byte*, IntPtr*, Functions*, int>)(*(IntPtr*)(api + (2 * IntPtr.Size))))(api, name, &data, &functions));
            _functions = functions;
            var arguments = Array.ConvertAll(words[1..], static word => Marshal.StringToCoTaskMemUTF8(word));
            fixed (IntPtr* first = arguments)
            {
                IntPtr tokenizer;
                Require(((delegate* unmanaged[Cdecl]<IntPtr, IntPtr*, int, IntPtr*, int>)functions.Create)(data, first, arguments.Length, &tokenizer));
                _tokenizer = tokenizer;
            }
            foreach (var argument in arguments) Marshal.FreeCoTaskMem(argument);
        }
        _self = GCHandle.Alloc(this);
    }

    /// <summary>Gives the words of a text, in UTF-8, in their order.</summary>
    public void Read(ReadOnlySpan<byte> text, TokenFound found)
    {
        if (text.IsEmpty) return;
        (_found, _failure) = (found, null);
        fixed (byte* first = text)
        {
            var result = ((delegate* unmanaged[Cdecl]<IntPtr, IntPtr, int, byte*, int, delegate* unmanaged[Cdecl]<IntPtr, int, byte*, int, int, int, int>, int>)_functions.Tokenize)(
                _tokenizer, GCHandle.ToIntPtr(_self), ForDocument, first, text.Length, &Token);
            _found = null;
            if (_failure is { } failure) throw new InvalidOperationException("A word of a text could not be taken.", failure);
            Require(result);
        }
    }

    public void Dispose()
    {
        if (!_self.IsAllocated) return;
        ((delegate* unmanaged[Cdecl]<IntPtr, void>)_functions.Delete)(_tokenizer);
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Token(IntPtr context, int flags, byte* token, int length, int start, int end)
    {
        var self = (FullTextTokenizer)GCHandle.FromIntPtr(context).Target!;
        try
        {
            if ((flags & Colocated) == 0) self._found!(new ReadOnlySpan<byte>(token, length));
            return raw.SQLITE_OK;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            self._failure = error; // no exception may pass through native code: the caller throws it
            return raw.SQLITE_ERROR;
        }
    }

    // FTS5 hands out its functions through a query that takes a pointer to where they are wanted.
    private static IntPtr Api(sqlite3 database)
    {
        Require(raw.sqlite3_prepare_v2(database, "SELECT fts5(?1)", out var statement));
        using (statement)
        {
            IntPtr api = 0;
            fixed (byte* type = "fts5_api_ptr"u8) Require(sqlite3_bind_pointer(statement.DangerousGetHandle(), 1, (IntPtr)(&api), type, 0));
            var result = raw.sqlite3_step(statement);
            return result == raw.SQLITE_ROW && api != 0 ? api : throw new SqliteException("This SQLite does not hand out its full-text search.", raw.SQLITE_ERROR);
        }
    }

    private static void Require(int result)
    {
        if (result != raw.SQLITE_OK) throw new SqliteException("The tokenizer of the full-text index failed.", result);
    }

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int sqlite3_bind_pointer(IntPtr statement, int parameter, IntPtr pointer, byte* type, IntPtr destructor);

    [StructLayout(LayoutKind.Sequential)]
    private struct Functions
    {
        public IntPtr Create;
        public IntPtr Delete;
        public IntPtr Tokenize;
    }
}
