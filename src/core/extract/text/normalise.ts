/** Traditional characters in common use and their simplified forms, in pairs (after the tables of OpenCC). */
const TRADITIONAL = [
  '丟丢並并乾干亂乱亞亚佈布佔占併并來来侖仑侶侣侷局係系俠侠俬私倆俩倉仓個个們们倖幸倫伦偉伟側侧偵侦偽伪傑杰傘伞備备傢家傭佣',
  '傳传債债傷伤傾倾僅仅僑侨僕仆僥侥僱雇價价儀仪億亿儈侩儉俭儘尽償偿優优儲储兇凶兌兑兒儿內内兩两冊册冪幂凈净凍冻凜凛凱凯別别',
  '刪删則则剋克剎刹剛刚剝剥剮剐創创剷铲劃划劇剧劉刘劊刽劍剑劑剂勁劲動动務务勛勋勝胜勞劳勢势勳勋勵励勸劝勻匀匯汇區区協协卹恤',
  '卻却厤历厭厌厲厉參参叢丛吳吴吶呐呂吕員员唸念問问啞哑啟启喚唤喪丧喫吃喬乔單单喲哟嗆呛嗎吗嗚呜嘆叹嘔呕嘗尝嘩哗嘯啸噁恶噓嘘',
  '噴喷噸吨噹当嚇吓嚐尝嚙啮嚥咽嚨咙嚮向嚴严囂嚣囌苏囑嘱囪囱國国圍围園园圓圆圖图團团埰采執执堅坚堯尧報报場场塊块塗涂塢坞塵尘',
  '塹堑墊垫墜坠墮堕墳坟墾垦壇坛壓压壘垒壞坏壟垄壩坝壯壮壺壶壽寿夠够夢梦夥伙夾夹奧奥奪夺奮奋妝妆姦奸娛娱婁娄婦妇媽妈嬌娇嬰婴',
  '嬸婶孃娘孫孙學学孿孪宮宫寀采寢寝實实寧宁審审寫写寬宽寵宠寶宝將将專专尋寻對对導导屆届屍尸屜屉屢屡層层屬属岡冈島岛峽峡崑昆',
  '崗岗崙仑嶄崭嶺岭嶼屿嶽岳巋岿巒峦巖岩帥帅師师帳帐帶带幀帧幟帜幣币幫帮幹干幾几庫库廁厕廂厢廄厩廈厦廕荫廚厨廟庙廠厂廢废廣广',
  '廬庐廳厅弔吊張张強强彆别彈弹彌弥彎弯彔录彙汇彥彦彫雕彿佛後后徑径從从復复徵征徹彻恆恒恥耻悅悦悶闷悽凄惡恶惱恼愛爱慄栗態态',
  '慘惨慚惭慣惯慫怂慮虑慶庆慼戚慾欲憂忧憊惫憐怜憑凭憚惮憤愤憫悯憲宪憶忆懇恳應应懞蒙懲惩懶懒懷怀懸悬懼惧懾慑戀恋戰战戲戏戶户',
  '拋抛挾挟捨舍捱挨捲卷掃扫掄抡掙挣掛挂採采揀拣揚扬換换揮挥損损搖摇搗捣搶抢摟搂摯挚摳抠摺折摻掺撈捞撐撑撓挠撣掸撥拨撫抚撲扑',
  '撻挞撾挝撿捡擁拥擄掳擇择擊击擋挡擔担據据擠挤擣捣擬拟擯摈擰拧擱搁擲掷擴扩擺摆擻擞擾扰攆撵攏拢攔拦攙搀攜携攝摄攢攒攣挛攤摊',
  '攪搅攬揽敗败敘叙敵敌數数斂敛斃毙斬斩斷断於于旂旗昇升時时晉晋晝昼暈晕暢畅暫暂曆历曉晓曏向曠旷曬晒書书會会朮术東东枴拐柵栅',
  '柺拐桿杆條条棄弃棗枣棟栋棧栈棲栖楊杨楓枫業业極极榦干榮荣構构槍枪槓杠槳桨樁桩樂乐樑梁樓楼標标樞枢樣样樸朴樹树橋桥機机橢椭',
  '橫横檔档檢检檯台檸柠檻槛櫃柜櫥橱櫻樱欄栏權权欽钦歎叹歐欧歡欢歲岁歷历歸归殘残殭僵殲歼殺杀殼壳毀毁毆殴氈毡氣气氫氢氾泛汎泛',
  '汙污決决沒没沖冲況况泝溯洩泄洶汹涼凉淒凄淚泪淨净淩凌淪沦淵渊淺浅渙涣減减渦涡測测渾浑湊凑湧涌湯汤準准溝沟溫温溼湿滄沧滅灭',
  '滌涤滬沪滯滞滲渗滷卤滾滚滿满漁渔漚沤漢汉漣涟漬渍漲涨漸渐漿浆潑泼潔洁潛潜潤润潰溃澀涩澆浇澇涝澗涧澤泽澱淀濁浊濃浓濕湿濘泞',
  '濛蒙濟济濤涛濫滥濰潍濱滨濺溅濾滤瀉泻瀋沈瀕濒瀝沥瀰弥瀾澜灑洒灕漓灘滩灣湾灤滦災灾為为烏乌烴烃無无煉炼煙烟煥焕煩烦熒荧熱热',
  '熾炽燈灯燒烧燙烫營营燦灿燬毁燭烛燴烩燻熏燼烬爍烁爐炉爛烂爭争爺爷爾尔牆墙牽牵犢犊犧牺狀状狹狭狽狈猙狰猶犹獃呆獄狱獅狮獎奖',
  '獨独獰狞獲获獵猎獸兽獺獭獻献現现琱雕琺珐瑣琐瑤瑶瑩莹瑪玛環环瓊琼甕瓮產产甦苏甯宁畝亩畢毕畫划異异當当疇畴疊叠痙痉痠酸瘋疯',
  '瘍疡瘓痪瘡疮瘧疟療疗癒愈癟瘪癡痴癢痒癥症癬癣癰痈癱瘫發发皁皂皚皑皺皱盃杯盜盗盞盏盡尽監监盤盘盧卢盪荡眾众睏困睜睁瞞瞒矇蒙',
  '矚瞩矯矫硃朱硯砚碩硕確确碼码磚砖礎础礙碍礦矿礫砾礬矾祕秘祿禄禍祸禦御禮礼禱祷禿秃稅税稈秆稜棱種种稱称穀谷積积穎颖穢秽穩稳',
  '穫获窩窝窪洼窮穷窯窑窺窥竄窜竅窍竊窃競竞筆笔筍笋箇个箋笺節节範范築筑篩筛簍篓簑蓑簡简簽签簾帘籃篮籌筹籠笼籤签籬篱籮箩籲吁',
  '粵粤糞粪糧粮糰团糾纠紀纪約约紅红紉纫紋纹納纳紐纽純纯紗纱紙纸級级紛纷紡纺紮扎細细紳绅紹绍終终絃弦組组絆绊結结絕绝絛绦絞绞',
  '絡络絢绚給给絨绒統统絲丝絹绢綁绑綏绥綑捆經经綜综綠绿綢绸維维綱纲網网綴缀綵彩綸纶綻绽綽绰綿绵緊紧緒绪緘缄線线緝缉緞缎締缔',
  '緣缘編编緩缓緬缅緯纬練练緻致縛缚縣县縫缝縮缩縱纵縴纤縷缕總总績绩繃绷織织繕缮繞绕繡绣繩绳繪绘繫系繭茧繳缴繹绎繼继續续纍累',
  '纏缠纓缨纔才纖纤纜缆缽钵罈坛罰罚罵骂罷罢羅罗羨羡義义習习翫玩翹翘聖圣聞闻聯联聰聪聲声聳耸聶聂職职聽听聾聋肅肃脅胁脈脉脣唇',
  '脩修脫脱脹胀腎肾腦脑腫肿腳脚腸肠膚肤膠胶膩腻膽胆膿脓臉脸臍脐臘腊臟脏臥卧臨临臺台與与興兴舉举舊旧艙舱艦舰艱艰艷艳茲兹荊荆',
  '莊庄莖茎莢荚華华菸烟萊莱萬万葉叶葦苇葯药葷荤蒐搜蒼苍蓆席蓋盖蓮莲蔔卜蔘参蔣蒋蔥葱蔭荫蕩荡蕪芜蕭萧薊蓟薑姜薔蔷薦荐薩萨薹苔',
  '藍蓝藝艺藥药藹蔼蘆芦蘇苏蘊蕴蘋苹蘭兰蘿萝處处虛虚虜虏號号虧亏蛻蜕蝕蚀蝦虾蝨虱蝸蜗螞蚂螢萤蟄蛰蟬蝉蟲虫蟻蚁蠅蝇蠍蝎蠟蜡蠱蛊',
  '蠶蚕蠻蛮衊蔑術术衕同衚胡衛卫衝冲補补裝装裡里製制複复褲裤襖袄襪袜襬摆襯衬襲袭覈核見见規规覓觅視视親亲覺觉覽览觀观觸触訂订',
  '訃讣計计訊讯討讨訓训訖讫託托記记訛讹訝讶訟讼訣诀訪访設设許许訴诉診诊註注証证詐诈評评詛诅詞词詠咏詢询詣诣試试詩诗詫诧詭诡',
  '話话該该詳详誅诛誇夸誌志認认誕诞誘诱語语誠诚誡诫誣诬誤误誦诵誨诲說说誰谁課课誹诽誼谊調调諄谆談谈請请諒谅論论諜谍諧谐諮咨',
  '諱讳諷讽諸诸諺谚諾诺謀谋謂谓謄誊謅诌謊谎謎谜謗谤謙谦講讲謝谢謠谣謬谬謹谨謾谩譁哗證证譏讥識识譚谭譜谱譟噪譭毁譯译議议譴谴',
  '護护譽誉讀读變变讒谗讓让讕谰讚赞豈岂豎竖豐丰豔艳豬猪貓猫貝贝貞贞負负財财貢贡貧贫貨货販贩貪贪貫贯責责貯贮貳贰貴贵貶贬買买',
  '貸贷費费貼贴貿贸賀贺賂赂賃赁賄贿資资賈贾賊贼賒赊賓宾賜赐賞赏賠赔賢贤賣卖賤贱賦赋質质賬账賭赌賴赖賺赚購购賽赛贅赘贈赠贊赞',
  '贍赡贏赢贓赃贖赎贛赣趕赶趙赵趨趋跡迹踐践踰逾踴踊蹟迹蹤踪躊踌躍跃躥蹿軀躯車车軋轧軌轨軍军軒轩軟软軸轴較较載载輓挽輔辅輕轻',
  '輛辆輝辉輥辊輩辈輪轮輯辑輸输輻辐輾辗輿舆轄辖轅辕轉转轍辙轎轿轟轰辦办辭辞辮辫辯辩農农迴回這这連连週周進进遊游運运過过達达',
  '違违遙遥遜逊遞递遠远適适遲迟遷迁選选遺遗遼辽邁迈還还邊边邏逻郵邮鄉乡鄒邹鄖郧鄧邓鄭郑鄰邻鄲郸醜丑醞酝醣糖醫医醬酱釀酿釁衅',
  '釋释釐厘釘钉針针釣钓釦扣釩钒鈅钥鈉钠鈍钝鈔钞鈕钮鈞钧鈣钙鈴铃鈾铀鉀钾鉅巨鉆钻鉑铂鉗钳鉚铆鉛铅鉤钩鉸铰鉻铬銀银銅铜銑铣銘铭',
  '銜衔銥铱銳锐銷销銻锑鋁铝鋅锌鋇钡鋒锋鋤锄鋪铺鋸锯鋼钢錄录錐锥錘锤錠锭錢钱錦锦錨锚錫锡錯错錳锰錶表鍊炼鍋锅鍍镀鍘铡鍛锻鍬锹',
  '鍵键鍺锗鍼针鍾钟鎂镁鎊镑鎌镰鎖锁鎚锤鎢钨鎬镐鎮镇鎳镍鏇旋鏈链鏟铲鏡镜鏽锈鐐镣鐘钟鐮镰鐳镭鐵铁鑄铸鑑鉴鑒鉴鑰钥鑲镶鑷镊鑼锣',
  '鑽钻鑿凿長长門门閃闪閉闭開开閏闰閑闲閒闲間间閘闸閡阂閣阁閤合閥阀閨闺閩闽閱阅閹阉閻阎闆板闇暗闊阔闌阑闖闯關关闡阐闢辟陝陕',
  '陞升陣阵陰阴陳陈陸陆陽阳隊队階阶隕陨際际隨随險险隱隐隴陇隸隶隻只雖虽雙双雛雏雜杂雞鸡離离難难雲云電电霑沾霧雾靈灵靜静鞏巩',
  '鞦秋韆千韋韦韌韧韓韩韻韵響响頁页頂顶頃顷項项順顺須须頌颂預预頑顽頒颁頓顿頗颇領领頤颐頭头頰颊頸颈頹颓頻频顆颗題题額额顏颜',
  '願愿顛颠類类顧顾顫颤顯显顱颅顴颧風风颱台颳刮飄飘飛飞飢饥飯饭飲饮飼饲飽饱飾饰餃饺餅饼養养餌饵餒馁餓饿餘余餞饯餡馅館馆餬糊',
  '餵喂餾馏饅馒饋馈饑饥饒饶饞馋馬马馭驭馮冯馱驮馳驰馴驯駁驳駐驻駒驹駕驾駛驶駝驼駭骇駱骆駿骏騁骋騎骑騙骗騰腾騷骚騾骡驅驱驕骄',
  '驗验驚惊驟骤驢驴骯肮髒脏體体髮发鬆松鬍胡鬚须鬥斗鬧闹鬨哄鬱郁魚鱼魯鲁鮑鲍鮮鲜鯉鲤鯨鲸鰓鳃鱉鳖鱗鳞鳥鸟鳳凤鳴鸣鴉鸦鴕鸵鴛鸳',
  '鴦鸯鴨鸭鴻鸿鴿鸽鵑鹃鵝鹅鵬鹏鵰雕鵲鹊鶴鹤鷗鸥鷹鹰鹵卤鹹咸鹼碱鹽盐麗丽麥麦麴曲麵面麼么黃黄點点黨党黴霉鼕冬齊齐齋斋齒齿齡龄',
  '齣出齧啮齲龋龍龙龐庞龔龚龜龟',
].join('');

/**
 * One character in, its comparison form out: case, width, diacritics of Latin and Greek, Arabic letter variants and digits are folded;
 * marks that nobody sees (bidi controls, zero-width joiners, tatweel, vowel signs of Arabic and Hebrew) fall away.
 * Letters that mean something on their own (й, ї, ў, Indic vowel signs, the tones of Vietnamese: "cấm" bans, "cảm" feels) stay.
 */
const KEEP_DECOMPOSED = /[йїўґёіѓќ\u1ea0-\u1ef9]/u;
const INVISIBLE =
  /\p{Cf}|\p{Script=Inherited}|\p{Variation_Selector}|\u0640|\u093c|\u0a3c|(?=\p{M})[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const SPECIAL: Record<string, string> = {
  ё: 'е',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  đ: 'd',
  ł: 'l',
  ð: 'd',
  þ: 'th',
  ي: 'ی',
  ى: 'ی',
  ئ: 'ی',
  ك: 'ک',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ة: 'ه',
  ۀ: 'ه',
  ؤ: 'و',
  ς: 'σ',
  '’': "'",
  ʼ: "'",
  '‘': 'ʻ',
  '`': "'",
};

for (let i = 0; i < TRADITIONAL.length; i += 2) SPECIAL[TRADITIONAL[i]!] = TRADITIONAL[i + 1]!;

function foldSlowly(char: string): string {
  if (INVISIBLE.test(char)) return '';
  let folded = char.normalize('NFKC').toLowerCase();
  let out = '';
  for (const c of folded) {
    const special = SPECIAL[c];
    if (special !== undefined) out += special;
    else if (KEEP_DECOMPOSED.test(c)) out += c;
    else if (INVISIBLE.test(c)) continue;
    else {
      const digit = /\p{Nd}/u.test(c) ? digitOf(c) : null;
      if (digit !== null) out += digit;
      else {
        const parts = c.normalize('NFD');
        // Only alphabets in which the mark is spelling, not another letter.
        out += /^[\p{Script=Latin}\p{Script=Greek}]/u.test(parts) ? parts.replace(/[\u0300-\u036F]/gu, '') : c;
      }
    }
  }
  folded = out;
  return SPECIAL[folded] ?? folded;
}

function digitOf(c: string): string | null {
  const code = c.codePointAt(0)!;
  for (const zero of [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xc66]) {
    if (code >= zero && code <= zero + 9) return String(code - zero);
  }
  return null;
}

const cache: (string | undefined)[] = Array.from({ length: 0x10000 });

export function foldChar(char: string): string {
  if (char.length !== 1) return foldSlowly(char);
  const code = char.charCodeAt(0);
  const known = cache[code];
  if (known !== undefined) return known;
  const folded = foldSlowly(char);
  cache[code] = folded;
  return folded;
}

export function fold(text: string): string {
  let out = '';
  for (const char of text) out += foldChar(char);
  return out;
}

/** Cyrillic and Greek letters that look like Latin ones: for tokens that mix alphabets ("Теlegram"). */
const LOOKALIKE: Record<string, string> = {
  а: 'a',
  в: 'b',
  е: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ѕ: 's',
  ј: 'j',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  һ: 'h',
  ӏ: 'l',
  α: 'a',
  ο: 'o',
  ρ: 'p',
  ν: 'v',
  τ: 't',
  ι: 'i',
  κ: 'k',
  υ: 'u',
};

const [SMALL_A, SMALL_Z, ZERO, NINE] = [0x61, 0x7a, 0x30, 0x39];

/** The Latin reading of a token that mixes Latin with lookalikes, or null when it does not mix. */
export function unmask(folded: string): string | null {
  let latin = 0;
  let other = 0;
  for (let i = 0; i < folded.length; i++) {
    const code = folded.charCodeAt(i);
    if (code < 0x80) {
      if (code >= SMALL_A && code <= SMALL_Z) latin++;
      else if (code < ZERO || code > NINE) return null;
    } else if (LOOKALIKE[folded.charAt(i)] === undefined) return null;
    else other++;
  }
  if (latin === 0 || other === 0) return null;
  let out = '';
  for (const c of folded) out += LOOKALIKE[c] ?? c;
  return out;
}
